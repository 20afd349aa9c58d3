/// OCI runtime bundles with the fewest Linux capabilities that work, as a library: what `ocicap
/// generate`, `edit`, `convert`, `validate`, `predict` and `export` do, without a command line.
///
/// ```java
/// Config web = Config.generate(
///     Preset.RUNC, Edit.dropAll(), Edit.grant(Capability.CAP_NET_BIND_SERVICE), Edit.args("httpd", "-f"));
/// web.createBundle(Path.of("web"));
/// for (Finding finding : web.validate()) {
///   System.err.println(finding);
/// }
/// ```
///
/// Every value is immutable and may be used by several threads. Nothing is printed, no environment
/// variable is read, no process is started and no network is used; files are read and written where
/// a method says so. Whatever cannot be done for a reason that the caller can mend is a
/// [RefusedException], which says what is wrong, where, and what to write instead; nothing is half
/// done then.
///
/// [Prediction]s that look at files read their extended attributes by a call into the C library:
/// `--enable-native-access=ALL-UNNAMED` spares the JVM's warning. [Config#validate()] logs through
/// SLF4J, whose provider is the program's own; `org.slf4j:slf4j-nop` is the one that says nothing.
///
/// ## Versions
///
/// Releases follow [semantic versioning](https://semver.org/spec/v2.0.0.html). The public interface
/// is this package and the enum [dev.ocicap.cap.Capability]; other packages change with any
/// release. A change that breaks a caller's source or class files comes with a new major version
/// only; while that is 0, with a new minor version. Enums and records may gain constants and
/// components with a minor version, as capabilities, presets, targets and rules are added. The
/// texts of messages, the set of a validation's findings, and the documents that presets and
/// conversions make follow the specification, the kernel and Docker Engine, and may change with any
/// release that says so.
@NullMarked
package dev.ocicap;

import org.jspecify.annotations.NullMarked;
