package dev.ocicap.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.json.JsonText;

/// The documents that ocicap starts from.
public final class DefaultConfig {
  private DefaultConfig() {}

  /// What `runc spec` writes today (runc 1.5), with all five capability sets spelt out, and as
  /// `ociVersion` the oldest release that knows everything in it: crun 1.8 refuses 1.2 and later,
  /// though it would run the document.
  ///
  /// @param cgroupNamespace whether the container gets a cgroup namespace of its own, as runc gives
  ///   it on hosts with the unified hierarchy only
  public static RuntimeConfig runc(boolean cgroupNamespace) {
    JsonNode root = JsonText.parse("runc", RUNC).root();
    if (cgroupNamespace) {
      ((ArrayNode) root.path("linux").path("namespaces")).addObject().put("type", "cgroup");
    }
    return RuntimeConfig.of(JsonText.of("runc", root));
  }

  private static final String RUNC =
      """
      {
        "ociVersion": "1.0.2",
        "process": {
          "terminal": true,
          "user": {
            "uid": 0,
            "gid": 0
          },
          "args": [
            "sh"
          ],
          "env": [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM=xterm"
          ],
          "cwd": "/",
          "capabilities": {
            "bounding": [
              "CAP_AUDIT_WRITE",
              "CAP_KILL",
              "CAP_NET_BIND_SERVICE"
            ],
            "effective": [
              "CAP_AUDIT_WRITE",
              "CAP_KILL",
              "CAP_NET_BIND_SERVICE"
            ],
            "inheritable": [],
            "permitted": [
              "CAP_AUDIT_WRITE",
              "CAP_KILL",
              "CAP_NET_BIND_SERVICE"
            ],
            "ambient": []
          },
          "rlimits": [
            {
              "type": "RLIMIT_NOFILE",
              "hard": 1024,
              "soft": 1024
            }
          ],
          "noNewPrivileges": true
        },
        "root": {
          "path": "rootfs",
          "readonly": true
        },
        "hostname": "runc",
        "mounts": [
          {
            "destination": "/proc",
            "type": "proc",
            "source": "proc"
          },
          {
            "destination": "/dev",
            "type": "tmpfs",
            "source": "tmpfs",
            "options": [
              "nosuid",
              "strictatime",
              "mode=755",
              "size=65536k"
            ]
          },
          {
            "destination": "/dev/pts",
            "type": "devpts",
            "source": "devpts",
            "options": [
              "nosuid",
              "noexec",
              "newinstance",
              "ptmxmode=0666",
              "mode=0620",
              "gid=5"
            ]
          },
          {
            "destination": "/dev/shm",
            "type": "tmpfs",
            "source": "shm",
            "options": [
              "nosuid",
              "noexec",
              "nodev",
              "mode=1777",
              "size=65536k"
            ]
          },
          {
            "destination": "/dev/mqueue",
            "type": "mqueue",
            "source": "mqueue",
            "options": [
              "nosuid",
              "noexec",
              "nodev"
            ]
          },
          {
            "destination": "/sys",
            "type": "sysfs",
            "source": "sysfs",
            "options": [
              "nosuid",
              "noexec",
              "nodev",
              "ro"
            ]
          },
          {
            "destination": "/sys/fs/cgroup",
            "type": "cgroup",
            "source": "cgroup",
            "options": [
              "nosuid",
              "noexec",
              "nodev",
              "relatime",
              "ro"
            ]
          }
        ],
        "linux": {
          "resources": {
            "devices": [
              {
                "allow": false,
                "access": "rwm"
              }
            ]
          },
          "namespaces": [
            {
              "type": "pid"
            },
            {
              "type": "network"
            },
            {
              "type": "ipc"
            },
            {
              "type": "uts"
            },
            {
              "type": "mount"
            }
          ],
          "maskedPaths": [
            "/proc/acpi",
            "/proc/asound",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/sys/firmware",
            "/proc/scsi"
          ],
          "readonlyPaths": [
            "/proc/bus",
            "/proc/fs",
            "/proc/irq",
            "/proc/sys",
            "/proc/sysrq-trigger"
          ]
        }
      }
      """;
}
