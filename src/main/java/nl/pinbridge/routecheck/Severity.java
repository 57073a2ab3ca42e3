package nl.pinbridge.routecheck;

/** How bad a finding is. */
public enum Severity {
    /** The routes must not run like this. */
    ERROR,
    /** The routes may run; somebody probably meant something else. */
    WARNING
}
