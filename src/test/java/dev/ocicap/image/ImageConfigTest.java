package dev.ocicap.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ocicap.json.JsonText;
import dev.ocicap.report.OcicapException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageConfigTest {
  private static final String CONFIG =
      """
      {"User":"app:staff","ExposedPorts":{"443/tcp":{},"53/udp":{}},"Env":["A=b","EMPTY="],
       "Cmd":["sleep","100"],"Entrypoint":["/entry.sh"],"WorkingDir":"/app",
       "Volumes":{"/data":{}},"Labels":{"version":"1.0"},"StopSignal":"SIGQUIT","OnBuild":null,
       "Healthcheck":{"Test":["CMD-SHELL","true"],"Interval":300000000000,"Timeout":3000000000,
       "StartPeriod":10000000000,"StartInterval":5,"Retries":2}}\
      """;

  private static ImageConfig parse(String text) {
    return ImageConfig.parse(JsonText.parse("image.json", text));
  }

  @Test
  void a_blob_and_what_docker_inspects_are_read_alike() {
    ImageConfig expected =
        new ImageConfig(
            List.of("/entry.sh"),
            List.of("sleep", "100"),
            List.of("A=b", "EMPTY="),
            "app:staff",
            "/app",
            List.of("/data"),
            Map.of("version", "1.0"),
            "SIGQUIT",
            List.of("443/tcp", "53/udp"),
            "linux",
            "arm64",
            new Healthcheck(
                List.of("CMD-SHELL", "true"),
                300_000_000_000L,
                3_000_000_000L,
                10_000_000_000L,
                5,
                2));
    assertEquals(
        expected, parse("{\"architecture\":\"arm64\",\"os\":\"linux\",\"config\":" + CONFIG + "}"));
    assertEquals(
        expected,
        parse("[{\"Architecture\":\"arm64\",\"Os\":\"linux\",\"Config\":" + CONFIG + "}]"));
  }

  @Test
  void what_is_absent_or_null_is_empty() {
    assertEquals(ImageConfig.EMPTY, parse("{}"));
    assertEquals(ImageConfig.EMPTY, parse("{\"config\":null}"));
    assertEquals(
        ImageConfig.EMPTY,
        parse("{\"config\":{\"Cmd\":null,\"Labels\":null,\"Volumes\":null,\"User\":null}}"));
  }

  @Test
  void a_value_of_the_wrong_type_is_told_with_its_place() {
    OcicapException e =
        assertThrows(OcicapException.class, () -> parse("{\"config\":{\"Cmd\":\"sh\"}}"));
    assertEquals("'Cmd' is not an array", e.problems().getFirst().message());
    assertEquals("image.json:1:18", String.valueOf(e.problems().getFirst().place()));
    for (String wrong :
        List.of(
            "7",
            "[]",
            "{\"config\":[]}",
            "{\"config\":{\"Env\":[1]}}",
            "{\"config\":{\"Labels\":{\"a\":1}}}",
            "{\"config\":{\"Volumes\":[]}}",
            "{\"config\":{\"User\":0}}",
            "{\"config\":{\"Healthcheck\":{\"Retries\":\"x\"}}}")) {
      assertThrows(OcicapException.class, () -> parse(wrong), wrong);
    }
  }
}
