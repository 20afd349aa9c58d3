package dev.ocicap.cli;

import static dev.ocicap.cli.EditOption.old;

import dev.ocicap.cli.EditOption.Action;
import dev.ocicap.cli.EditOption.Kind;
import dev.ocicap.edit.ListProperty;
import dev.ocicap.edit.Property;
import java.util.List;

/// Spellings of oci-runtime-tool for other platforms than Linux.
final class PlatformOptions {
  private PlatformOptions() {}

  static final EditOptions.Section SECTION =
      new EditOptions.Section(
          "Other platforms",
          List.of(
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_NCPUS),
                  "--set POINTER=JSON",
                  "--solaris-capped-cpu-ncpus"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_PHYSICAL),
                  "--set POINTER=JSON",
                  "--solaris-capped-memory-physical"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_SWAP),
                  "--set POINTER=JSON",
                  "--solaris-capped-memory-swap"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_LIMITPRIV),
                  "--set POINTER=JSON",
                  "--solaris-limitpriv"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_MAX_SHM_MEMORY),
                  "--set POINTER=JSON",
                  "--solaris-max-shm-memory"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.SOLARIS_MILESTONE),
                  "--set POINTER=JSON",
                  "--solaris-milestone"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.VM_HYPERVISOR_PATH),
                  "--set POINTER=JSON",
                  "--vm-hypervisor-path"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.VM_KERNEL_PATH),
                  "--set POINTER=JSON",
                  "--vm-kernel-path"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.VM_KERNEL_INITRD),
                  "--set POINTER=JSON",
                  "--vm-kernel-initrd"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.VM_IMAGE_PATH),
                  "--set POINTER=JSON",
                  "--vm-image-path"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.VM_IMAGE_FORMAT),
                  "--set POINTER=JSON",
                  "--vm-image-format"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_UTILITY_VM_PATH),
                  "--set POINTER=JSON",
                  "--windows-hyperv-utilityVMPath"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.WINDOWS_IGNORE_FLUSHES),
                  "--set POINTER=JSON",
                  "--windows-ignore-flushes-during-boot"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_NETWORK),
                  "--set POINTER=JSON",
                  "--windows-network"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.WINDOWS_DNS_QUERY),
                  "--set POINTER=JSON",
                  "--windows-network-allowunqualifieddnsquery"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_NETWORK_NAMESPACE),
                  "--set POINTER=JSON",
                  "--windows-network-networkNamespace"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_CPU),
                  "--set POINTER=JSON",
                  "--windows-resources-cpu"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_MEMORY_LIMIT),
                  "--set POINTER=JSON",
                  "--windows-resources-memory-limit"),
              old(
                  Kind.SINGLE,
                  new Action.Replace(Property.WINDOWS_STORAGE),
                  "--set POINTER=JSON",
                  "--windows-resources-storage"),
              old(
                  Kind.BOOLEAN,
                  new Action.Replace(Property.WINDOWS_SERVICING),
                  "--set POINTER=JSON",
                  "--windows-servicing"),
              old(
                  Kind.REPEATED,
                  new Action.AppendJson(ListProperty.SOLARIS_ANET),
                  "--set POINTER=JSON",
                  "--solaris-anet"),
              old(
                  Kind.REPEATED,
                  new Action.Append(ListProperty.VM_HYPERVISOR_PARAMETERS),
                  "--set POINTER=JSON",
                  "--vm-hypervisor-parameters"),
              old(
                  Kind.REPEATED,
                  new Action.Append(ListProperty.VM_KERNEL_PARAMETERS),
                  "--set POINTER=JSON",
                  "--vm-kernel-parameters"),
              old(
                  Kind.REPEATED,
                  new Action.Read(Notation.WINDOWS_DEVICE),
                  "--set POINTER=JSON",
                  "--windows-devices"),
              old(
                  Kind.REPEATED,
                  new Action.Append(ListProperty.WINDOWS_LAYER_FOLDERS),
                  "--set POINTER=JSON",
                  "--windows-layer-folders")));
}
