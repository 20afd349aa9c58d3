/// Tests that start real containers under runc and crun, and what they share.
package dev.ocicap.containers;
