package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.ocicap.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The verdict of each schema over its cases is the one that the specification's own schema gave,
/// or where a mistake of that is repaired (`"repaired": true`) the one that its prose demands. The
/// complete dialect of 2020-12 and the project's part of it agree.
class SchemaCasesTest {

  @ParameterizedTest
  @CsvSource({
    "1.0,config",
    "1.0,state",
    "1.1,config",
    "1.1,state",
    "1.1,features",
    "1.2,config",
    "1.2,state",
    "1.2,features",
    "1.3,config",
    "1.3,state",
    "1.3,features"
  })
  void the_verdict_is_the_specifications(String version, String kind) throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Schemas.schema(version, kind).root());
    Schema own =
        SchemaRegistry.withDefaultDialect(SpecDialect.create())
            .getSchema(Schemas.schema(version, kind).root());
    List<String> different = new ArrayList<>();
    int cases = 0;
    Path file = Path.of("src/test/resources/cases/schema", version + "-" + kind + ".jsonl");
    for (String line : Files.readAllLines(file)) {
      JsonNode one = JsonText.parse(file.toString(), line).root();
      boolean valid = schema.validate(one.get("document")).isEmpty();
      cases++;
      if (valid != one.get("valid").booleanValue()
          || valid != own.validate(one.get("document")).isEmpty()) {
        different.add(one.get("name").textValue());
      }
    }
    assertEquals(List.of(), different);
    assertTrue(cases > 50);
  }
}
