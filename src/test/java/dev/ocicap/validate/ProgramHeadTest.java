package dev.ocicap.validate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.validate.ProgramHead.Form;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The first bytes of programs, made by the layouts of elf(5) and the rules of execve(2).
class ProgramHeadTest {
  private static final String LOADER = "/lib/ld.so";

  private static ProgramHead of(String text) {
    return ProgramHead.of(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_script_names_its_interpreter() {
    assertEquals(new ProgramHead(Form.SCRIPT, 0, "/bin/sh"), of("#!/bin/sh\necho\n"));
    assertEquals(new ProgramHead(Form.SCRIPT, 0, "/bin/sh"), of("#! \t/bin/sh -e x\n"));
    assertEquals(new ProgramHead(Form.SCRIPT, 0, "/bin/sh"), of("#!/bin/sh"));
    assertEquals(new ProgramHead(Form.SCRIPT, 0, "/bin/sh\r"), of("#!/bin/sh\r\n"));
    assertEquals(new ProgramHead(Form.SCRIPT, 0, ""), of("#!\n/bin/sh"));
    assertEquals("", of("#!/" + "x".repeat(300) + "\n").interpreter());
  }

  @Test
  void what_is_neither_is_for_nobody() {
    for (String text : new String[] {"", "#", "\u007fELF", "echo x\n", " #!/bin/sh\n"}) {
      assertEquals(new ProgramHead(Form.OTHER, 0, ""), of(text));
    }
  }

  /// A header, two program headers behind it of which the second is PT_INTERP, and the loader.
  private static byte[] elf(boolean wide, ByteOrder order, int machine) {
    byte[] bytes = new byte[400];
    ByteBuffer file = ByteBuffer.wrap(bytes).order(order);
    file.put(new byte[] {0x7f, 'E', 'L', 'F'});
    file.put((byte) (wide ? 2 : 1)).put((byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2));
    file.putShort(18, (short) machine);
    int size = wide ? 56 : 32;
    int headers = wide ? 64 : 52;
    int loader = 300;
    if (wide) {
      file.putLong(32, headers).putShort(54, (short) size).putShort(56, (short) 2);
      file.putInt(headers + size, 3).putLong(headers + size + 8, loader);
      file.putLong(headers + size + 32, LOADER.length() + 1);
    } else {
      file.putInt(28, headers).putShort(42, (short) size).putShort(44, (short) 2);
      file.putInt(headers + size, 3).putInt(headers + size + 4, loader);
      file.putInt(headers + size + 16, LOADER.length() + 1);
    }
    System.arraycopy(LOADER.getBytes(StandardCharsets.UTF_8), 0, bytes, loader, LOADER.length());
    return bytes;
  }

  @Test
  void an_elf_file_names_its_processor_and_loader() {
    for (boolean wide : new boolean[] {true, false}) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
        assertEquals(new ProgramHead(Form.ELF, 183, LOADER), ProgramHead.of(elf(wide, order, 183)));
      }
    }
  }

  @Test
  void this_machines_own_programs_are_read() throws IOException {
    ProgramHead head = ProgramHead.read(Path.of("/proc/self/exe"));
    assertEquals(Form.ELF, head.form());
    assertTrue(Files.exists(Path.of(head.interpreter())), head.toString());
  }

  @Test
  void whatever_the_bytes_say_it_is_an_answer() {
    Random random = new Random(3);
    byte[] whole = elf(true, ByteOrder.LITTLE_ENDIAN, 62);
    for (int length = 0; length <= whole.length; length++) {
      ProgramHead.of(Arrays.copyOf(whole, length));
    }
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.clone();
      for (int j = 0; j < 8; j++) {
        bytes[4 + random.nextInt(bytes.length - 4)] = (byte) random.nextInt();
      }
      assertEquals(Form.ELF, ProgramHead.of(bytes).form());
    }
  }
}
