package dev.ocicap.processes;

/// The container that a process belongs to.
///
/// @param id the name that its runtime or engine knows it by
/// @param runtime `runc`, `crun`, `docker`, `containerd`, `podman`, `kubernetes` or `cri-o`
/// @param bundle its bundle, or "" where it is not known
public record Container(String id, String runtime, String bundle) {}
