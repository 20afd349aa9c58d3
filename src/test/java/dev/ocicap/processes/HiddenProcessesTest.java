package dev.ocicap.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ocicap.os.MountTable;
import dev.ocicap.os.ProcessStatus;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// proc(5): hidepid=1 (noaccess) and 2 (invisible) spare the group that gid= names, 0 without it; 4
/// (ptraceable) spares nobody who may not trace. Bit 19 is CAP_SYS_PTRACE.
class HiddenProcessesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rw                       | 1000 | 0000000000000000 | false",
        "rw,hidepid=0             | 1000 | 0000000000000000 | false",
        "rw,hidepid=1             | 1000 | 0000000000000000 | true",
        "rw,hidepid=2             | 1000 | 0000000000000000 | true",
        "rw,hidepid=invisible     | 1000 | 0000000000000000 | true",
        "rw,hidepid=noaccess      | 1000 | 0000000000000000 | true",
        "rw,hidepid=2             | 1000 | 0000000000080000 | false",
        "rw,hidepid=2             | 0    | 0000000000000000 | false",
        "rw,gid=1000,hidepid=2    | 1000 | 0000000000000000 | false",
        "rw,gid=27,hidepid=2      | 1000 | 0000000000000000 | false",
        "rw,gid=28,hidepid=2      | 1000 | 0000000000000000 | true",
        "rw,gid=28,hidepid=2      | 0    | 0000000000000000 | true",
        "rw,gid=27,hidepid=4      | 1000 | 0000000000000000 | true",
        "rw,hidepid=ptraceable    | 0    | 0000000000000000 | true"
      })
  void the_mount_and_the_caller_decide(
      String options, String group, String effective, boolean hidden) {
    MountTable table =
        MountTable.parse("22 1 0:21 / /proc rw,nosuid,nodev - proc proc " + options + "\n");
    ProcessStatus caller =
        ProcessStatus.parse(
            """
            Name:	x
            Uid:	1000	1000	1000	1000
            Gid:	%1$s	%1$s	%1$s	%1$s
            Groups:	27
            CapEff:	%2$s
            """
                .formatted(group, effective));
    assertEquals(
        hidden, HiddenProcesses.hides(table.at(Path.of("/proc")).orElseThrow(), caller), options);
  }
}
