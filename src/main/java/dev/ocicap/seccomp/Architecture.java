package dev.ocicap.seccomp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The processor architectures that profiles speak of, under the three names they have.
///
/// @param go the name of Go and of container images (`GOARCH`): `386`
/// @param condition the name in a profile's conditions, which is libseccomp's: `x86`
/// @param oci the name in config.json (config-linux.md#seccomp): `SCMP_ARCH_X86`
record Architecture(String go, String condition, String oci) {
  private static final List<Architecture> ALL =
      List.of(
          new Architecture("386", "x86", "SCMP_ARCH_X86"),
          new Architecture("amd64", "amd64", "SCMP_ARCH_X86_64"),
          new Architecture("arm", "arm", "SCMP_ARCH_ARM"),
          new Architecture("arm64", "arm64", "SCMP_ARCH_AARCH64"),
          new Architecture("loong64", "loongarch64", "SCMP_ARCH_LOONGARCH64"),
          new Architecture("mips64", "mips64", "SCMP_ARCH_MIPS64"),
          new Architecture("mips64p32", "mips64n32", "SCMP_ARCH_MIPS64N32"),
          new Architecture("mips64le", "mipsel64", "SCMP_ARCH_MIPSEL64"),
          new Architecture("mips64p32le", "mipsel64n32", "SCMP_ARCH_MIPSEL64N32"),
          new Architecture("mipsle", "mipsel", "SCMP_ARCH_MIPSEL"),
          new Architecture("ppc", "ppc", "SCMP_ARCH_PPC"),
          new Architecture("ppc64", "ppc64", "SCMP_ARCH_PPC64"),
          new Architecture("ppc64le", "ppc64le", "SCMP_ARCH_PPC64LE"),
          new Architecture("riscv64", "riscv64", "SCMP_ARCH_RISCV64"),
          new Architecture("s390", "s390", "SCMP_ARCH_S390"),
          new Architecture("s390x", "s390x", "SCMP_ARCH_S390X"));

  /// The architecture of a Go name. One that profiles do not know has that name in conditions and
  /// none in config.json.
  static Architecture of(String go) {
    for (Architecture architecture : ALL) {
      if (architecture.go.equals(go)) {
        return architecture;
      }
    }
    return new Architecture(go, go, "");
  }

  /// Architectures of config.json with the others that run on the same machine, for a profile's
  /// `archMap`.
  ///
  /// @param main the machine's own
  /// @param others those that its kernel runs besides
  record Family(@Nullable String main, List<String> others) {
    Family {
      others = List.copyOf(others);
    }
  }
}
