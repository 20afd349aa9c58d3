package dev.ocicap.learn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckKindTest {
  private static CheckKind kind(String target, String owner, String... stack) {
    return CheckKind.of(new TraceEvent.Check(1, "x", target, owner, 1, true, List.of(stack)), "U");
  }

  @Test
  void growth_of_memory_is_no_need() {
    assertEquals(
        CheckKind.OVERCOMMIT, kind("U", "U", "cap_capable", "security_vm_enough_memory_mm"));
  }

  @Test
  void an_overlay_asks_for_the_caller_only_through_what_every_file_system_uses() {
    assertEquals(
        CheckKind.ORDINARY,
        kind(
            "U",
            "U",
            "capable_wrt_inode_uidgid",
            "generic_permission",
            "ovl_permission",
            "inode_permission"));
    assertEquals(
        CheckKind.ORDINARY,
        kind(
            "U",
            "U",
            "capable_wrt_inode_uidgid",
            "setattr_prepare",
            "ovl_setattr",
            "notify_change"));
    assertEquals(
        CheckKind.FOREIGN_CREDENTIAL,
        kind("U", "U", "generic_permission", "inode_permission", "ovl_permission"));
    assertEquals(
        CheckKind.FOREIGN_CREDENTIAL,
        kind(
            "U",
            "U",
            "generic_permission",
            "ovl_permission",
            "inode_permission",
            "vfs_mkdir",
            "ovl_create_real"));
  }

  @Test
  void other_namespaces_are_weak() {
    assertEquals(CheckKind.OTHER_NAMESPACE, kind("V", "U", "ns_capable"));
    assertEquals(CheckKind.OTHER_NAMESPACE, kind("V", "V", "ns_capable"));
  }

  @Test
  void a_forged_check_cannot_name_the_namespace() {
    assertEquals(CheckKind.OTHER_NAMESPACE, kind("0000000000000000", "0000000000000000", "x"));
  }

  @Test
  void the_kinds_of_functions() {
    assertEquals(CheckKind.SILENT, kind("U", "U", "ns_capable_noaudit"));
    assertEquals(CheckKind.SET_ID, kind("U", "U", "ns_capable_setid"));
    assertEquals(CheckKind.SELF_EDIT, kind("U", "U", "cap_capable", "cap_capset"));
    assertEquals(CheckKind.UNCLASSIFIED, kind("U", "U"));
  }

  @Test
  void the_system_call_is_named_on_every_processor() {
    assertEquals("chown", SystemCalls.of(List.of("a", "__x64_sys_chown", "do_syscall_64")));
    assertEquals("bind", SystemCalls.of(List.of("__sys_bind", "__arm64_sys_bind", "el0_svc")));
    assertEquals("capset", SystemCalls.of(List.of("__do_sys_capset", "do_syscall_64")));
    assertEquals("exit", SystemCalls.of(List.of("x", "do_exit")));
    assertEquals("", SystemCalls.of(List.of("x")));
  }
}
