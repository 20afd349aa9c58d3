package dev.ocicap.edit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ocicap.json.JsonText;
import dev.ocicap.spec.User;
import java.util.Arrays;
import java.util.List;

/// The properties of a configuration that hold one value: where each stands and what it may hold,
/// as the specification says; where the specification is silent, what the kernel takes.
public enum Property {
  HOSTNAME(Form.HOST_NAME, "hostname"),
  DOMAINNAME(Form.HOST_NAME, "domainname"),
  ROOT_PATH(Form.TEXT, "root/path"),
  ROOT_READONLY(Form.TRUTH, "root/readonly"),
  CWD(Form.PATH, "process/cwd"),
  TERMINAL(Form.TRUTH, "process/terminal"),
  COMMAND_LINE(Form.TEXT, "process/commandLine"),
  UID(0, User.MAX_ID, "process/user/uid"),
  GID(0, User.MAX_ID, "process/user/gid"),
  /// Permission bits, octal on a command line and decimal in the file.
  UMASK(Form.MODE, "process/user/umask"),
  USERNAME(Form.TEXT, "process/user/username"),
  NO_NEW_PRIVILEGES(Form.TRUTH, "process/noNewPrivileges"),
  OOM_SCORE_ADJ(-1000, 1000, "process/oomScoreAdj"),
  APPARMOR_PROFILE(Form.TEXT, "process/apparmorProfile"),
  SELINUX_LABEL(Form.TEXT, "process/selinuxLabel"),
  /// A list of processors such as `0-2,7`.
  EXEC_CPUS_INITIAL(Form.CPU_LIST, "process/execCPUAffinity/initial"),
  /// A list of processors such as `0-2,7`.
  EXEC_CPUS_FINAL(Form.CPU_LIST, "process/execCPUAffinity/final"),
  MOUNT_LABEL(Form.TEXT, "linux/mountLabel"),
  CGROUPS_PATH(Form.TEXT, "linux/cgroupsPath"),
  /// The specification has four words; runtimes take, and Docker writes, the recursive ones too.
  ROOTFS_PROPAGATION(
      "private shared slave unbindable rprivate rshared rslave runbindable",
      "linux/rootfsPropagation"),
  PERSONALITY("LINUX LINUX32", "linux/personality/domain"),
  MEMORY_LIMIT(Form.BYTES, "linux/resources/memory/limit"),
  MEMORY_RESERVATION(Form.BYTES, "linux/resources/memory/reservation"),
  /// Memory and swap together.
  MEMORY_SWAP(Form.BYTES, "linux/resources/memory/swap"),
  MEMORY_KERNEL(Form.BYTES, "linux/resources/memory/kernel"),
  MEMORY_KERNEL_TCP(Form.BYTES, "linux/resources/memory/kernelTCP"),
  /// Percent.
  MEMORY_SWAPPINESS(0, 100, "linux/resources/memory/swappiness"),
  OOM_KILL_DISABLE(Form.TRUTH, "linux/resources/memory/disableOOMKiller"),
  MEMORY_USE_HIERARCHY(Form.TRUTH, "linux/resources/memory/useHierarchy"),
  MEMORY_CHECK_BEFORE_UPDATE(Form.TRUTH, "linux/resources/memory/checkBeforeUpdate"),
  /// The kernel cuts others to these bounds or refuses them; 0 leaves the kernel's default.
  CPU_SHARES(Form.SETTING, 2, 262_144, "linux/resources/cpu/shares"),
  /// Microseconds a period; 0 leaves the kernel's default.
  CPU_QUOTA(Form.LIMIT, 1000, Long.MAX_VALUE, "linux/resources/cpu/quota"),
  /// Microseconds; 0 leaves the kernel's default.
  CPU_PERIOD(Form.SETTING, 1000, 1_000_000, "linux/resources/cpu/period"),
  /// Microseconds.
  CPU_BURST(Form.UNSIGNED, "linux/resources/cpu/burst"),
  /// Microseconds a period.
  CPU_REALTIME_RUNTIME(Form.LIMIT, 0, Long.MAX_VALUE, "linux/resources/cpu/realtimeRuntime"),
  /// Microseconds.
  CPU_REALTIME_PERIOD(Form.UNSIGNED, "linux/resources/cpu/realtimePeriod"),
  CPU_IDLE(0, 1, "linux/resources/cpu/idle"),
  /// A list such as `0-2,7`.
  CPUSET_CPUS(Form.CPU_LIST, "linux/resources/cpu/cpus"),
  /// A list such as `0-2,7`.
  CPUSET_MEMS(Form.CPU_LIST, "linux/resources/cpu/mems"),
  PIDS_LIMIT(Form.LIMIT, 0, Long.MAX_VALUE, "linux/resources/pids/limit"),
  BLKIO_WEIGHT(10, 1000, "linux/resources/blockIO/weight"),
  BLKIO_LEAF_WEIGHT(10, 1000, "linux/resources/blockIO/leafWeight"),
  NET_CLASS_ID(0, 0xffffffffL, "linux/resources/network/classID"),
  RDT_CLOS_ID(Form.TEXT, "linux/intelRdt/closID"),
  RDT_L3_CACHE(Form.TEXT, "linux/intelRdt/l3CacheSchema"),
  RDT_MEMORY_BANDWIDTH(Form.TEXT, "linux/intelRdt/memBwSchema"),
  RDT_MONITORING(Form.TRUTH, "linux/intelRdt/enableMonitoring"),
  SOLARIS_MILESTONE(Form.TEXT, "solaris/milestone"),
  SOLARIS_LIMITPRIV(Form.TEXT, "solaris/limitpriv"),
  SOLARIS_MAX_SHM_MEMORY(Form.TEXT, "solaris/maxShmMemory"),
  SOLARIS_NCPUS(Form.TEXT, "solaris/cappedCPU/ncpus"),
  SOLARIS_PHYSICAL(Form.TEXT, "solaris/cappedMemory/physical"),
  SOLARIS_SWAP(Form.TEXT, "solaris/cappedMemory/swap"),
  VM_HYPERVISOR_PATH(Form.PATH, "vm/hypervisor/path"),
  VM_KERNEL_PATH(Form.PATH, "vm/kernel/path"),
  VM_KERNEL_INITRD(Form.PATH, "vm/kernel/initrd"),
  VM_IMAGE_PATH(Form.PATH, "vm/image/path"),
  VM_IMAGE_FORMAT("raw qcow2 vdi vmdk vhd", "vm/image/format"),
  WINDOWS_UTILITY_VM_PATH(Form.TEXT, "windows/hyperv/utilityVMPath"),
  WINDOWS_IGNORE_FLUSHES(Form.TRUTH, "windows/ignoreFlushesDuringBoot"),
  WINDOWS_SERVICING(Form.TRUTH, "windows/servicing"),
  WINDOWS_DNS_QUERY(Form.TRUTH, "windows/network/allowUnqualifiedDNSQuery"),
  WINDOWS_NETWORK_NAMESPACE(Form.TEXT, "windows/network/networkNamespace"),
  WINDOWS_NETWORK(Form.JSON_OBJECT, "windows/network"),
  WINDOWS_CPU(Form.JSON_OBJECT, "windows/resources/cpu"),
  WINDOWS_STORAGE(Form.JSON_OBJECT, "windows/resources/storage"),
  WINDOWS_MEMORY_LIMIT(Form.UNSIGNED, "windows/resources/memory/limit");

  /// What a value looks like.
  public enum Form {
    /// Any text.
    TEXT,
    /// An absolute path.
    PATH,
    /// `true` or `false`.
    TRUTH,
    /// A name of at most [#MAX_HOST_NAME] bytes.
    HOST_NAME,
    /// Numbers and ranges of processors or memory nodes (cpuset(7), "List format").
    CPU_LIST,
    /// An integer from [Property#min] to [Property#max].
    INTEGER,
    /// The same, or 0.
    SETTING,
    /// The same, 0, or -1 for unlimited.
    LIMIT,
    /// An integer of 64 bits without a sign.
    UNSIGNED,
    /// Bytes, up to 2⁶³-1; -1 is unlimited.
    BYTES,
    /// Permission bits, 0 … 0777.
    MODE,
    /// One of [Property#words].
    WORD,
    /// An object.
    JSON_OBJECT
  }

  /// The bytes that the kernel takes for a host or domain name (`__NEW_UTS_LEN`).
  public static final int MAX_HOST_NAME = 64;

  private final Form form;
  private final long min;
  private final long max;
  private final String words;
  private final String path;

  Property(Form form, String path) {
    this(form, 0, 0, "", path);
  }

  Property(long min, long max, String path) {
    this(Form.INTEGER, min, max, "", path);
  }

  Property(Form form, long min, long max, String path) {
    this(form, min, max, "", path);
  }

  Property(String words, String path) {
    this(Form.WORD, 0, 0, words, path);
  }

  Property(Form form, long min, long max, String words, String path) {
    this.form = form;
    this.min = min;
    this.max = max;
    this.words = words;
    this.path = path;
  }

  /// What a value looks like.
  public Form form() {
    return form;
  }

  /// The least value of [Form#INTEGER], [Form#SETTING] and [Form#LIMIT].
  public long min() {
    return min;
  }

  /// The greatest value of [Form#INTEGER], [Form#SETTING] and [Form#LIMIT].
  public long max() {
    return max;
  }

  /// The values of [Form#WORD].
  public List<String> words() {
    return List.of(words.split(" ", -1));
  }

  /// Replaces the property.
  public SpecEdit set(JsonNode value) {
    return draft -> draft.set(value, keys());
  }

  /// Removes the property; the objects around it stay, except one that holds nothing else and must
  /// not be without it.
  public SpecEdit remove() {
    return draft -> {
      draft.remove(keys());
      if (this == PIDS_LIMIT || this == PERSONALITY) {
        String[] keys = keys();
        String[] around = Arrays.copyOf(keys, keys.length - 1);
        if (draft.find(around).map(JsonNode::isEmpty).orElse(false)) {
          draft.remove(around);
        }
      }
    };
  }

  /// Whether the object around it means nothing without it, by the specification's schema or its
  /// prose, so that it can be replaced and not removed.
  public boolean isRequired() {
    return this == ROOT_PATH
        || this == CWD
        || this == UID
        || this == GID
        || this == VM_HYPERVISOR_PATH
        || this == VM_KERNEL_PATH
        || this == VM_IMAGE_PATH
        || this == VM_IMAGE_FORMAT;
  }

  /// Where it stands, as a JSON pointer (RFC 6901).
  public String pointer() {
    return "/" + path;
  }

  private String[] keys() {
    return JsonText.tokens(pointer()).toArray(new String[0]);
  }
}
