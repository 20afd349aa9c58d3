package dev.ocicap.validate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.ocicap.json.JsonValues;
import dev.ocicap.report.Level;
import dev.ocicap.report.ShellWords;
import dev.ocicap.spec.ConfigDraft;
import java.util.List;
import java.util.Set;

/// Rules about the rest of `linux`: sysctl, masked paths, resctrl, memory policy, personality
/// (config-linux.md).
final class KernelRules {
  private static final String SYSCTL = "config-linux.md#sysctl";
  private static final String RDT = "config-linux.md#intelrdt";
  private static final String POLICY = "config-linux.md#memory-policy";
  private static final String PERSONALITY = "config-linux.md#personality";

  /// The settings of an ipc namespace (ipc_namespaces(7)); those of fs.mqueue join them.
  private static final Set<String> IPC =
      Set.of(
          "kernel.msgmax",
          "kernel.msgmnb",
          "kernel.msgmni",
          "kernel.sem",
          "kernel.shmall",
          "kernel.shmmax",
          "kernel.shmmni",
          "kernel.shm_rmid_forced");

  private static final Set<String> POLICIES_WITHOUT_NODES = Set.of("MPOL_DEFAULT", "MPOL_LOCAL");

  private static final Set<String> POLICIES_WITH_NODES =
      Set.of("MPOL_BIND", "MPOL_INTERLEAVE", "MPOL_WEIGHTED_INTERLEAVE", "MPOL_PREFERRED_MANY");

  static List<Rule> all() {
    return List.of(
        Rule.of("sysctl-namespace", Level.MUST, SYSCTL, KernelRules::sysctl),
        Rule.of(
                "masked-path-absolute",
                Level.MUST,
                "config-linux.md#masked-paths",
                (document, findings) -> absolute(document, "maskedPaths", findings))
            .repairedBy(draft -> makeAbsolute(draft, "maskedPaths")),
        Rule.of(
                "readonly-path-absolute",
                Level.MUST,
                "config-linux.md#readonly-paths",
                (document, findings) -> absolute(document, "readonlyPaths", findings))
            .repairedBy(draft -> makeAbsolute(draft, "readonlyPaths")),
        Rule.of("intel-rdt-clos-id", Level.MUST, RDT, KernelRules::closId),
        Rule.of("intel-rdt-schema", Level.MUST, RDT, KernelRules::schema),
        Rule.of("memory-policy-mode", Level.MUST, POLICY, KernelRules::policyMode),
        Rule.of("memory-policy-nodes", Level.MUST, POLICY, KernelRules::policyNodes),
        Rule.of("memory-policy-flags", Level.MUST, POLICY, KernelRules::policyFlags),
        Rule.of("personality-domain", Level.MUST, PERSONALITY, KernelRules::personalityDomain),
        Rule.of("personality-flags", Level.MUST, PERSONALITY, KernelRules::personalityFlags));
  }

  private KernelRules() {}

  static void sysctl(Document document, Findings findings) {
    boolean ipc = document.hasNamespace("ipc");
    boolean network = document.hasNamespace("network");
    boolean uts = document.hasNamespace("uts");
    boolean user = document.hasNamespace("user");
    for (Value setting : document.get("linux", "sysctl").members()) {
      String name = dotted(setting.key());
      if (IPC.contains(name) || name.startsWith("fs.mqueue.")) {
        needs(setting, ipc, "ipc", findings);
      } else if (name.startsWith("net.")) {
        needs(setting, network, "network", findings);
      } else if (name.equals("kernel.domainname")) {
        needs(setting, uts, "uts", findings);
      } else if (name.equals("kernel.hostname")) {
        findings.addKey(
            setting, setting.path() + " is refused: the host name is a property", "hostname");
      } else if (name.startsWith("user.")) {
        needs(setting, user, "user", findings);
      } else {
        findings.addKey(
            setting,
            setting.path() + " belongs to no namespace: it would change the host",
            ShellWords.pasted(
                List.of("ocicap", "edit", "--sysctl-remove", setting.key(), "BUNDLE")));
      }
    }
  }

  private static void needs(Value setting, boolean has, String namespace, Findings findings) {
    if (!has) {
      findings.addKey(
          setting,
          setting.path() + " needs the container's own " + namespace + " namespace",
          "{\"type\": \"" + namespace + "\"} in linux.namespaces");
    }
  }

  /// The name with dots; as for sysctl(8), a first slash means that slashes separate.
  private static String dotted(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    return slash >= 0 && (dot < 0 || slash < dot)
        ? name.replace('.', '\0').replace('/', '.').replace('\0', '/')
        : name;
  }

  private static void absolute(Document document, String key, Findings findings) {
    for (Value path : document.get("linux", key).items()) {
      if (path.isText() && !path.text().startsWith("/")) {
        findings.add(
            path,
            path.shown() + " is not an absolute path: it is not protected",
            "\"/" + Value.cut(path.text()) + "\"");
      }
    }
  }

  /// Protects what was meant: paths are those of the container, whose root is the only place they
  /// can be relative to.
  private static void makeAbsolute(ConfigDraft draft, String key) {
    if (draft.find("linux", key).orElse(null) instanceof ArrayNode paths) {
      for (int i = 0; i < paths.size(); i++) {
        JsonNode path = paths.get(i);
        if (path.isTextual() && !path.textValue().isEmpty() && !path.textValue().startsWith("/")) {
          paths.set(i, JsonValues.string("/" + path.textValue()));
        }
      }
    }
  }

  private static void closId(Document document, Findings findings) {
    Value id = document.get("linux", "intelRdt", "closID");
    boolean bad = id.is(".") || id.is("..") || (id.text().indexOf('/') >= 0 && !id.is("/"));
    if (bad) {
      findings.add(id, id.shown() + " is not the name of a directory", null);
    }
  }

  private static void schema(Document document, Findings findings) {
    Value rdt = document.get("linux", "intelRdt");
    Value cache = rdt.get("l3CacheSchema");
    if (cache.isText() && !cache.text().startsWith("L3:")) {
      findings.add(Level.SHOULD, cache, cache.shown() + " does not begin with 'L3:'", "\"L3:0=f\"");
    }
    if (cache.text().indexOf('\n') >= 0) {
      findings.add(Level.SHOULD, cache, cache.path() + " holds a line feed: it is one line", null);
    }
    for (Value line : rdt.get("schemata").items()) {
      if (line.text().indexOf('\n') >= 0) {
        findings.add(line, line.path() + " holds a line feed: an element is one line", null);
      }
    }
  }

  private static void policyMode(Document document, Findings findings) {
    Value policy = document.get("linux", "memoryPolicy");
    if (policy.isObject() && !policy.get("mode").exists()) {
      findings.add(policy, "linux.memoryPolicy lacks 'mode'", "\"mode\": \"MPOL_BIND\"");
    }
  }

  private static void policyNodes(Document document, Findings findings) {
    Value policy = document.get("linux", "memoryPolicy");
    Value nodes = policy.get("nodes");
    String mode = policy.get("mode").text();
    if (POLICIES_WITHOUT_NODES.contains(mode) && !nodes.text().isEmpty()) {
      findings.add(nodes, nodes.path() + " must be empty for " + mode, "remove it");
    } else if (POLICIES_WITH_NODES.contains(mode) && nodes.text().isEmpty()) {
      findings.add(policy, mode + " needs linux.memoryPolicy.nodes", "\"nodes\": \"0-1\"");
    } else if (!nodes.text().isEmpty() && !Forms.isCpuList(nodes.text())) {
      findings.add(nodes, nodes.shown() + " is not a list of numbers and ranges", "\"0-1\"");
    }
  }

  private static void policyFlags(Document document, Findings findings) {
    Value flags = document.get("linux", "memoryPolicy", "flags");
    if (flags.hasItem("MPOL_F_STATIC_NODES") && flags.hasItem("MPOL_F_RELATIVE_NODES")) {
      findings.add(
          flags, flags.path() + " holds both MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES", null);
    }
  }

  private static void personalityDomain(Document document, Findings findings) {
    Value personality = document.get("linux", "personality");
    if (personality.isObject() && !personality.get("domain").exists()) {
      findings.add(personality, "linux.personality lacks 'domain'", "\"domain\": \"LINUX\"");
    }
  }

  private static void personalityFlags(Document document, Findings findings) {
    Value flags = document.get("linux", "personality", "flags");
    if (!flags.items().isEmpty()) {
      findings.add(flags, flags.path() + ": no flag is defined", "remove it");
    }
  }
}
