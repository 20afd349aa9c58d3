package dev.ocicap.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ocicap.cap.SetName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessStatusTest {
  /// As Linux 6 writes it; the name is one that a process gave itself to mislead.
  private static final String TEXT =
      """
      Name:\tx\\nUid:\t0
      Umask:\t0022
      Pid:\t12
      PPid:\t1
      Uid:\t1000\t1001\t1002\t1003
      Gid:\t100\t101\t102\t4294967294
      Groups:\t4 24 27\s
      SigBlk:\t0000000000010000
      SigIgn:\t8000000000001000
      CapInh:\t0000000000000001
      CapPrm:\t00000000000000c0
      CapEff:\t0000000000000080
      CapBnd:\t000001ffffffffff
      CapAmb:\t0000000000000000
      NoNewPrivs:\t1
      Seccomp:\t2
      """;

  @Test
  void every_line_is_read() {
    ProcessStatus status = ProcessStatus.parse(TEXT);
    assertEquals(new ProcessStatus.Ids(1000, 1001, 1002, 1003), status.uid());
    assertEquals(new ProcessStatus.Ids(100, 101, 102, 4294967294L), status.gid());
    assertEquals(List.of(4L, 24L, 27L), status.groups());
    assertEquals(0x10000, status.blockedSignals());
    assertEquals(0x8000000000001000L, status.ignoredSignals());
    assertEquals(0x1, status.capabilities().set(SetName.INHERITABLE).mask());
    assertEquals(0xc0, status.capabilities().set(SetName.PERMITTED).mask());
    assertEquals(0x80, status.capabilities().set(SetName.EFFECTIVE).mask());
    assertEquals(0x1ffffffffffL, status.capabilities().set(SetName.BOUNDING).mask());
    assertEquals(0, status.capabilities().set(SetName.AMBIENT).mask());
    assertTrue(status.noNewPrivileges());
    assertEquals(2, status.seccomp());
  }

  @Test
  void an_old_kernel_without_ambient_set_and_filters_counts_as_none() {
    ProcessStatus status =
        ProcessStatus.parse(
            TEXT.replaceAll("(CapAmb|NoNewPrivs|Seccomp):.*\n", "").replace("4 24 27", ""));
    assertEquals(0, status.capabilities().set(SetName.AMBIENT).mask());
    assertEquals(List.of(), status.groups());
    assertTrue(!status.noNewPrivileges());
    assertEquals(0, status.seccomp());
  }

  @Test
  void without_ids_nobody_is_taken_for_root() {
    assertThrows(
        NumberFormatException.class,
        () -> ProcessStatus.parse(TEXT.replaceAll("\nUid:\t1000.*\n", "\n")));
  }

  @Test
  void it_agrees_with_the_kernel_about_this_process() throws Exception {
    String text = Files.readString(Path.of("/proc/self/status"));
    ProcessStatus self = ProcessStatus.self();
    assertTrue(text.contains("\nCapBnd:\t" + self.capabilities().bounding().hex() + "\n"));
    assertTrue(
        text.contains("\nUid:\t" + self.uid().real() + "\t" + self.uid().effective() + "\t"));
    assertEquals(self.uid(), ProcessStatus.of(ProcessHandle.current().pid()).uid());
  }
}
