package dev.ocicap.seccomp;

import static dev.ocicap.seccomp.ProfileTable.family;

import java.util.List;

/// The profile that Podman 5.8 uses, and CRI-O and Buildah with it
/// (`/usr/share/containers/seccomp.json` of containers-common 0.67).
final class PodmanProfile {
  /// How the profile is called where it is remembered.
  static final String NAME = "podman-5";

  /// A system call that is in no rule fails with ENOSYS, so that programs try an older one.
  static final long DEFAULT_ERRNO = 38;

  private static final String RULES =
      """
      errno 1
        bdflush cachestat futex_requeue futex_wait futex_waitv futex_wake
        io_pgetevents io_pgetevents_time64 kexec_file_load kexec_load
        map_shadow_stack migrate_pages move_pages nfsservctl nice oldfstat
        oldlstat oldolduname oldstat olduname pciconfig_iobase pciconfig_read
        pciconfig_write sgetmask ssetmask swapoff swapon syscall sysfs uselib
        userfaultfd ustat vm86 vm86old vmsplice
      allow
        _llseek _newselect accept accept4 access adjtimex alarm bind brk
        capget capset chdir chmod chown chown32 clock_adjtime clock_adjtime64
        clock_getres clock_getres_time64 clock_gettime clock_gettime64
        clock_nanosleep clock_nanosleep_time64 clone clone3 close close_range
        connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
        epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait
        epoll_wait_old eventfd eventfd2 execve execveat exit exit_group
        faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_init
        fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32
        fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork
        fremovexattr fsconfig fsetxattr fsmount fsopen fspick fstat fstat64
        fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex
        futex_time64 futimesat get_mempolicy get_robust_list get_thread_area
        getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32
        getgid getgid32 getgroups getgroups32 getitimer getpeername getpgid
        getpgrp getpid getppid getpriority getrandom getresgid getresgid32
        getresuid getresuid32 getrlimit getrusage getsid getsockname
        getsockopt gettid gettimeofday getuid getuid32 getxattr
        inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
        io_cancel io_destroy io_getevents io_setup io_submit ioctl ioprio_get
        ioprio_set ipc keyctl kill landlock_add_rule landlock_create_ruleset
        landlock_restrict_self lchown lchown32 lgetxattr link linkat listen
        listxattr llistxattr lremovexattr lseek lsetxattr lstat lstat64
        madvise mbind membarrier memfd_create memfd_secret mincore mkdir
        mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mount
        mount_setattr move_mount mprotect mq_getsetattr mq_notify mq_open
        mq_timedreceive mq_timedreceive_time64 mq_timedsend
        mq_timedsend_time64 mq_unlink mremap msgctl msgget msgrcv msgsnd msync
        munlock munlockall munmap name_to_handle_at nanosleep newfstatat open
        open_tree openat openat2 pause pidfd_getfd pidfd_open
        pidfd_send_signal pipe pipe2 pivot_root pkey_alloc pkey_free
        pkey_mprotect poll ppoll ppoll_time64 prctl pread64 preadv preadv2
        prlimit64 process_mrelease process_vm_readv process_vm_writev pselect6
        pselect6_time64 ptrace pwrite64 pwritev pwritev2 read readahead
        readlink readlinkat readv reboot recv recvfrom recvmmsg
        recvmmsg_time64 recvmsg remap_file_pages removexattr rename renameat
        renameat2 restart_syscall rmdir rseq rt_sigaction rt_sigpending
        rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend
        rt_sigtimedwait rt_sigtimedwait_time64 rt_tgsigqueueinfo
        sched_get_priority_max sched_get_priority_min sched_getaffinity
        sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval
        sched_rr_get_interval_time64 sched_setaffinity sched_setattr
        sched_setparam sched_setscheduler sched_yield seccomp select semctl
        semget semop semtimedop semtimedop_time64 send sendfile sendfile64
        sendmmsg sendmsg sendto set_mempolicy set_robust_list set_thread_area
        set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid
        setgid32 setgroups setgroups32 setitimer setns setpgid setpriority
        setregid setregid32 setresgid setresgid32 setresuid setresuid32
        setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32
        setxattr shmat shmctl shmdt shmget shutdown sigaltstack signal
        signalfd signalfd4 sigprocmask sigreturn socketcall socketpair splice
        stat stat64 statfs statfs64 statx symlink symlinkat sync
        sync_file_range syncfs sysinfo syslog tee tgkill time timer_create
        timer_delete timer_getoverrun timer_gettime timer_gettime64
        timer_settime timer_settime64 timerfd_create timerfd_gettime
        timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill
        truncate truncate64 ugetrlimit umask umount umount2 uname unlink
        unlinkat unshare utime utimensat utimensat_time64 utimes vfork wait4
        waitid waitpid write writev
      allow, argument 0 == 0
        personality
      allow, argument 0 == 8
        personality
      allow, argument 0 == 0x20000
        personality
      allow, argument 0 == 0x20008
        personality
      allow, argument 0 == 0xffffffff
        personality
      allow, on ppc64le
        sync_file_range2 swapcontext
      allow, on arm arm64
        arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush set_tls
        sync_file_range2
      allow, on amd64 x32
        arch_prctl
      allow, on amd64 x32 x86
        modify_ldt
      allow, on s390 s390x
        s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr
      allow, on riscv64
        riscv_flush_icache
      allow, with DAC_READ_SEARCH
        open_by_handle_at
      errno 1, without DAC_READ_SEARCH
        open_by_handle_at
      allow, with SYS_ADMIN
        bpf lookup_dcookie quotactl quotactl_fd setdomainname sethostname
        setns
      errno 1, without SYS_ADMIN
        lookup_dcookie perf_event_open quotactl quotactl_fd setdomainname
        sethostname setns
      allow, with SYS_CHROOT
        chroot
      errno 1, without SYS_CHROOT
        chroot
      allow, with SYS_MODULE
        delete_module finit_module init_module query_module
      errno 1, without SYS_MODULE
        delete_module finit_module init_module query_module
      allow, with SYS_PACCT
        acct
      errno 1, without SYS_PACCT
        acct
      allow, with SYS_PTRACE
        kcmp process_madvise
      errno 1, without SYS_PTRACE
        kcmp process_madvise
      allow, with SYS_RAWIO
        ioperm iopl
      errno 1, without SYS_RAWIO
        ioperm iopl
      allow, with SYS_TIME
        clock_settime clock_settime64 settimeofday stime
      errno 1, without SYS_TIME
        clock_settime clock_settime64 settimeofday stime
      allow, with SYS_TTY_CONFIG
        vhangup
      errno 1, without SYS_TTY_CONFIG
        vhangup
      errno 1, argument 0 == 40
        socket
      errno 22, argument 0 == 16, argument 2 == 9, without AUDIT_WRITE
        socket
      allow, argument 0 == 16, argument 2 != 9, without AUDIT_WRITE
        socket
      allow, argument 0 != 16, without AUDIT_WRITE
        socket
      allow, argument 0 != 40, with AUDIT_WRITE
        socket
      errno 1, without SYS_ADMIN BPF
        bpf
      allow, with BPF
        bpf
      errno 1, without SYS_ADMIN BPF
        perf_event_open
      allow, with PERFMON
        perf_event_open
      """;

  private PodmanProfile() {}

  static List<Architecture.Family> architectures() {
    return List.of(
        family("X86_64", "X86", "X32"),
        family("AARCH64", "ARM"),
        family("MIPS64", "MIPS", "MIPS64N32"),
        family("MIPS64N32", "MIPS", "MIPS64"),
        family("MIPSEL64", "MIPSEL", "MIPSEL64N32"),
        family("MIPSEL64N32", "MIPSEL", "MIPSEL64"),
        family("S390X", "S390"));
  }

  static List<ProfileRule> rules() {
    return ProfileTable.read(RULES);
  }
}
