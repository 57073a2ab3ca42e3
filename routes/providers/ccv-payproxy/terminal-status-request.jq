# The state of a terminal.
.terminal.labels as $labels
| .settings.options as $options
| {
    json: {
      terminalOperatingEnvironment: ($labels["operating-environment"] // $options["operating-environment"] // "UNATTENDED"),
      terminalAccessProtocol: ($labels["access-protocol"] // $options["access-protocol"] // "OPI_NL")
    }
  }
