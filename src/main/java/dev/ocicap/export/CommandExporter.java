package dev.ocicap.export;

import dev.ocicap.report.ShellWords;
import dev.ocicap.spec.RuntimeConfig;
import java.util.ArrayList;
import java.util.List;

/// `docker run …`, `podman run …` and `nerdctl run …`: one command for a shell.
final class CommandExporter implements Exporter {
  private final Engine engine;

  CommandExporter(Engine engine) {
    this.engine = engine;
  }

  @Override
  public String name() {
    return engine.word();
  }

  @Override
  public Exported export(RuntimeConfig config, Names names) {
    Source source = new Source(config);
    List<String> words = new ArrayList<>(List.of(engine.word(), "run"));
    for (Option option : RunOptions.of(source, engine, names)) {
      words.add(word(option));
    }
    List<String> args = source.args();
    if (!args.isEmpty()) {
      words.add("--entrypoint=" + args.getFirst());
    }
    words.add(names.image());
    for (int i = 1; i < args.size(); i++) {
      words.add(args.get(i));
    }
    return new Exported(ShellWords.pasted(words) + "\n", source.losses());
  }

  @Override
  public Exported capabilities(RuntimeConfig config) {
    Source source = new Source(config);
    List<String> words = new ArrayList<>();
    for (Option option : RunOptions.capabilities(source, engine)) {
      words.add(word(option));
    }
    return Exported.ofCapabilities(ShellWords.pasted(words) + "\n", source.losses());
  }

  private static String word(Option option) {
    return option.value().isEmpty() ? option.name() : option.name() + "=" + option.value();
  }
}
