package dev.ocicap.manual;

import java.util.List;

/// A page of help.
///
/// @param name the name of its manual page: `ocicap-generate`
/// @param section of the manual: 1 for commands, 7 for the rest
/// @param summary one line without a full stop
/// @param usage the command line, or "" where the page is about no command
/// @param blocks everything below
public record Page(String name, int section, String summary, String usage, List<Block> blocks) {
  /// Copies the blocks.
  public Page {
    blocks = List.copyOf(blocks);
  }
}
