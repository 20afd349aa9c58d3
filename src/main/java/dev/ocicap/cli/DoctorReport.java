package dev.ocicap.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ocicap.cap.Capability;
import dev.ocicap.cap.CapabilitySet;
import dev.ocicap.cap.SetName;
import dev.ocicap.doctor.Ability;
import dev.ocicap.doctor.HostSurvey;
import dev.ocicap.doctor.InstalledRuntime;
import dev.ocicap.doctor.UserNamespaces;
import dev.ocicap.doctor.Verdict;
import dev.ocicap.json.JsonValues;
import dev.ocicap.os.ProcessStatus;
import dev.ocicap.report.Escape;
import dev.ocicap.report.Problem;
import dev.ocicap.report.TextTable;
import dev.ocicap.validate.HostFacts.IdRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What doctor saw, as text and as JSON.
///
/// @param host the machine
/// @param verdicts what works on it
record DoctorReport(HostSurvey host, Map<Ability, Verdict> verdicts) {
  private static final String MARGIN = "  ";
  private static final String UNSEEN = "cannot be seen";

  /// Two tables: what there is, and what works.
  ///
  /// @param facts whether to print the first
  /// @param colours whether to colour the verdicts
  String text(boolean facts, boolean colours) {
    StringBuilder out = new StringBuilder();
    if (facts) {
      out.append("This machine\n").append(facts().print(MARGIN)).append("\nWhat works\n");
    }
    TextTable table = new TextTable();
    for (Map.Entry<Ability, Verdict> entry : verdicts.entrySet()) {
      Verdict verdict = entry.getValue();
      table.row(
          verdict.answer().word(), entry.getKey().name(), entry.getKey().title(), verdict.reason());
    }
    List<Verdict> all = List.copyOf(verdicts.values());
    int row = 0;
    for (String line : table.print("").lines().toList()) {
      Verdict verdict = all.get(row++);
      String word = verdict.answer().word();
      out.append(MARGIN).append(colours ? coloured(verdict.answer()) : word);
      out.append(line, word.length(), line.length()).append('\n');
      if (verdict.remedy().isPresent()) {
        out.append(MARGIN).append("         try: ");
        out.append(Escape.text(verdict.remedy().get())).append('\n');
      }
    }
    return out.toString();
  }

  private static String coloured(Verdict.Answer answer) {
    String colour =
        switch (answer) {
          case YES -> "\u001b[32m";
          case PARTLY -> "\u001b[33m";
          case NO -> "\u001b[31m";
          case UNKNOWN -> "\u001b[2m";
        };
    return colour + answer.word() + "\u001b[0m";
  }

  private TextTable facts() {
    TextTable table = new TextTable();
    table.row("kernel", host.kernel() + " " + host.architecture());
    Optional<ProcessStatus> caller = host.caller();
    if (caller.isEmpty()) {
      table.row("caller", UNSEEN + ": there is no /proc");
    } else {
      ProcessStatus status = caller.get();
      table.row(
          "caller",
          "user "
              + status.uid().effective()
              + ", group "
              + status.gid().effective()
              + (status.noNewPrivileges() ? ", noNewPrivileges" : "")
              + (status.seccomp() == 0 ? "" : ", filtered by seccomp"));
      for (SetName set : SetName.values()) {
        CapabilitySet held = host.capabilities().set(set);
        table.row("  " + set.key(), CapabilityNames.brief(held));
      }
    }
    table.row(
        "cgroups",
        host.cgroups().layout().name().toLowerCase(Locale.ROOT)
            + list(": ", host.cgroups().controllers()));
    table.row("  the caller's", list("", host.cgroups().delegated()));
    userNamespaces(table);
    table.row(
        "seccomp",
        host.seccompActions()
            .map(names -> list("", names))
            .orElse(caller.isEmpty() ? UNSEEN : "none"));
    table.row("modules", host.modules().map(names -> list("", names)).orElse(UNSEEN));
    table.row("runtimes", host.runtimes().isEmpty() ? "none" : shown(host.runtimes().getFirst()));
    for (int i = 1; i < host.runtimes().size(); i++) {
      table.row("", shown(host.runtimes().get(i)));
    }
    table.row(
        "tracing",
        host.tracingObstacle().isEmpty()
            ? "the kernel reports capability checks"
            : host.tracingObstacle());
    for (Map.Entry<String, Optional<Path>> tool : host.tools().entrySet()) {
      table.row(tool.getKey(), tool.getValue().map(Path::toString).orElse("none"));
    }
    table.row("java", host.java().version() + ", " + host.java().home());
    table.row("  cache", host.java().cache().map(Path::toString).orElse("none"));
    return table;
  }

  private void userNamespaces(TextTable table) {
    UserNamespaces namespaces = host.userNamespaces();
    table.row(
        "user namespaces",
        namespaces.max().map(max -> "at most " + max).orElse(UNSEEN)
            + namespaces
                .tried()
                .map(works -> works ? ", unshare(1) works" : ", unshare(1) is refused")
                .orElse("")
            + (namespaces.unprivileged().orElse(true) ? "" : ", not without privileges")
            + (namespaces.apparmorRestricts() ? ", AppArmor restricts them" : ""));
    table.row("  subuid", ranges(host.facts().subUids()));
    table.row("  subgid", ranges(host.facts().subGids()));
    table.row("  newuidmap", mapper(namespaces.newuidmap()));
    table.row("  newgidmap", mapper(namespaces.newgidmap()));
  }

  private static String mapper(Optional<UserNamespaces.Mapper> mapper) {
    return mapper
        .map(found -> found.path() + (found.privileged() ? "" : " (without its privileges)"))
        .orElse("none");
  }

  private static String ranges(List<IdRange> ranges) {
    List<String> shown = new ArrayList<>();
    for (IdRange range : ranges) {
      shown.add(range.count() + " from " + range.first());
    }
    return list("", shown);
  }

  private static String list(String before, Iterable<String> words) {
    String joined = String.join(", ", words);
    return joined.isEmpty() ? (before.isEmpty() ? "none" : "") : before + joined;
  }

  private static String shown(InstalledRuntime runtime) {
    return runtime.runtime().executable()
        + runtime
            .answer()
            .map(answer ->
                ": "
                    + answer.name()
                    + " "
                    + answer.version()
                    + (answer.specVersion().isEmpty()
                        ? ""
                        : ", specification " + answer.specVersion())
                    + (answer.features().isPresent() ? ", lists its features" : ""))
            .orElse(": does not answer");
  }

  /// The same for programs: `{"host": {…}, "abilities": [{"name", "title", "answer", "reason",
  /// "remedy"}]}`. What cannot be seen is absent.
  ObjectNode json() {
    ObjectNode document = JsonValues.object();
    document.set("host", machine());
    ArrayNode abilities = JsonValues.array();
    for (Map.Entry<Ability, Verdict> entry : verdicts.entrySet()) {
      Verdict verdict = entry.getValue();
      ObjectNode node = JsonValues.object();
      node.set("name", JsonValues.string(entry.getKey().name()));
      node.set("title", JsonValues.string(entry.getKey().title()));
      node.set("answer", JsonValues.string(verdict.answer().word()));
      node.set("reason", JsonValues.string(verdict.reason()));
      put(node, "remedy", verdict.remedy());
      abilities.add(node);
    }
    document.set("abilities", abilities);
    return document;
  }

  private ObjectNode machine() {
    ObjectNode node = JsonValues.object();
    ObjectNode kernel = JsonValues.object();
    kernel.set("release", JsonValues.string(host.kernel()));
    kernel.set("architecture", JsonValues.string(host.architecture()));
    kernel.set("capabilities", names(host.kernelCapabilities().intersect(CapabilitySet.ALL)));
    node.set("kernel", kernel);
    host.caller().ifPresent(status -> node.set("caller", caller(status)));
    ObjectNode cgroups = JsonValues.object();
    cgroups.set(
        "layout", JsonValues.string(host.cgroups().layout().name().toLowerCase(Locale.ROOT)));
    cgroups.set("controllers", JsonValues.strings(List.copyOf(host.cgroups().controllers())));
    cgroups.set("delegated", JsonValues.strings(List.copyOf(host.cgroups().delegated())));
    node.set("cgroups", cgroups);
    node.set("userNamespaces", userNamespaces());
    host.seccompActions()
        .ifPresent(actions -> node.set("seccompActions", JsonValues.strings(actions)));
    host.modules().ifPresent(modules -> node.set("securityModules", JsonValues.strings(modules)));
    ArrayNode runtimes = JsonValues.array();
    for (InstalledRuntime runtime : host.runtimes()) {
      runtimes.add(runtime(runtime));
    }
    node.set("runtimes", runtimes);
    ObjectNode tracing = JsonValues.object();
    tracing.set("available", JsonValues.bool(host.tracingObstacle().isEmpty()));
    if (!host.tracingObstacle().isEmpty()) {
      tracing.set("reason", JsonValues.string(host.tracingObstacle()));
    }
    node.set("tracing", tracing);
    ObjectNode tools = JsonValues.object();
    host.tools().forEach((name, path) -> put(tools, name, path.map(Path::toString)));
    node.set("tools", tools);
    ObjectNode java = JsonValues.object();
    java.set("version", JsonValues.string(host.java().version()));
    java.set("home", JsonValues.string(host.java().home()));
    java.set("launched", JsonValues.bool(host.java().launched()));
    put(java, "cache", host.java().cache().map(Path::toString));
    node.set("java", java);
    return node;
  }

  private ObjectNode caller(ProcessStatus status) {
    ObjectNode node = JsonValues.object();
    node.set("uid", JsonValues.number(status.uid().effective()));
    node.set("gid", JsonValues.number(status.gid().effective()));
    node.set("noNewPrivileges", JsonValues.bool(status.noNewPrivileges()));
    node.set("seccomp", JsonValues.number(status.seccomp()));
    ObjectNode held = JsonValues.object();
    ObjectNode missing = JsonValues.object();
    for (SetName set : SetName.values()) {
      CapabilitySet members = status.capabilities().set(set).intersect(CapabilitySet.ALL);
      held.set(set.key(), names(members));
      missing.set(
          set.key(), names(host.kernelCapabilities().intersect(CapabilitySet.ALL).minus(members)));
    }
    node.set("capabilities", held);
    node.set("missing", missing);
    return node;
  }

  private ObjectNode userNamespaces() {
    UserNamespaces namespaces = host.userNamespaces();
    ObjectNode node = JsonValues.object();
    namespaces.max().ifPresent(max -> node.set("max", JsonValues.number(max)));
    namespaces
        .unprivileged()
        .ifPresent(allowed -> node.set("unprivileged", JsonValues.bool(allowed)));
    node.set("apparmorRestricts", JsonValues.bool(namespaces.apparmorRestricts()));
    namespaces.tried().ifPresent(works -> node.set("unshareWorks", JsonValues.bool(works)));
    node.set("subuid", idRanges(host.facts().subUids()));
    node.set("subgid", idRanges(host.facts().subGids()));
    put(node, "newuidmap", namespaces.newuidmap().map(mapper -> mapper.path().toString()));
    put(node, "newgidmap", namespaces.newgidmap().map(mapper -> mapper.path().toString()));
    return node;
  }

  private static ArrayNode idRanges(List<IdRange> ranges) {
    ArrayNode array = JsonValues.array();
    for (IdRange range : ranges) {
      ObjectNode node = JsonValues.object();
      node.set("first", JsonValues.number(range.first()));
      node.set("count", JsonValues.number(range.count()));
      array.add(node);
    }
    return array;
  }

  private static ObjectNode runtime(InstalledRuntime runtime) {
    ObjectNode node = JsonValues.object();
    node.set("name", JsonValues.string(runtime.name()));
    node.set("path", JsonValues.string(runtime.runtime().executable().toString()));
    runtime
        .answer()
        .ifPresent(answer -> {
          node.set("version", JsonValues.string(answer.version()));
          node.set("specification", JsonValues.string(answer.specVersion()));
          node.set("features", JsonValues.bool(answer.features().isPresent()));
        });
    put(node, "problem", runtime.obstacle().map(Problem::message));
    return node;
  }

  private static ArrayNode names(CapabilitySet set) {
    List<String> names = new ArrayList<>();
    for (Capability capability : set.members()) {
      names.add(capability.name());
    }
    return JsonValues.strings(names);
  }

  private static void put(ObjectNode node, String key, Optional<String> text) {
    text.ifPresent(value -> node.set(key, JsonValues.string(value)));
  }
}
