# References to metrics that are not, or not whole.
host "api" {
  base_url = "http://localhost"
}

probe "pool" {
  host = host.api
  path = "/"
  gauge "used" {
    value = response.json.used
  }
  counter "waits" {
    value = response.json.waits
  }
}

threshold "quoted" {
  metric = "metric.response_time" # error: "Metric must be a reference: Write metric.NAME.STATISTIC|."
  target = "< 1s"
}

threshold "number" {
  metric = 5 # error: "Metric must be a reference: Write metric.NAME.STATISTIC, like metric.response_time.p95, or probe.NAME.GAUGE.STATISTIC, without quotes"
  target = "< 1s"
}

threshold "splat" {
  metric = metric.response_time[*].p95 # error: "Metric must be a reference"
  target = "< 1s"
}

threshold "other" {
  metric = metrc.response_time.p95 # error: "Not a metric: A metric starts with metric or probe, like metric.response_time.p95. Did you mean metric"
  target = "< 1s"
}

threshold "nothing" {
  metric = metric # error: "Incomplete metric: Write metric.NAME.STATISTIC. The metrics are response_time, "
  target = "< 1s"
}

threshold "statistic" {
  metric = metric.response_time # error: "Incomplete metric: Say which statistic of response_time is meant: p50 to p9999"
  target = "< 1s"
}

threshold "fraction" {
  metric = metric.response_time.p99.5 # error: "Percentile with a fraction: Write metric.response_time\[.p99.5.\]|."
  target = "< 1s"
}

threshold "long" {
  metric = metric.requests.rate.max # error: "Metric reference too long: A metric is metric.NAME.STATISTIC; nothing may follow"
  target = "< 1/s"
}

threshold "percentile" {
  metric = metric.response_time.p0 # error: "Unknown statistic: response_time has no .p0.. A percentile is above 0 and at most 100"
  target = "< 1s"
}

threshold "value" {
  metric = metric.response_time.p95
  target = "<" # error: "Bound without a value: Write the value after the operator, like .< 500ms."
}

threshold "probe" {
  metric = probe # error: "Incomplete metric: Write probe.NAME.GAUGE.STATISTIC. The probes are pool"
  target = "< 1"
}

threshold "unknown_probe" {
  metric = probe.pol.used.max # error: "Unknown probe: There is no probe .pol.. Did you mean pool. The probes are pool"
  target = "< 1"
}

threshold "probe_only" {
  metric = probe.pool # error: "Incomplete metric: Write probe.NAME.GAUGE.STATISTIC. The gauges are used and waits"
  target = "< 1"
}

threshold "gauge_only" {
  metric = probe.pool.used # error: "Incomplete metric: Say which statistic of used is meant: min, max"
  target = "< 1"
}

threshold "gauge_long" {
  metric = probe.pool.used.max.min # error: "Metric reference too long: A probe's metric is probe.NAME.GAUGE.STATISTIC; nothing may follow"
  target = "< 1"
}

threshold "gauge_statistic" {
  metric = probe.pool.used.maximum # error: "Unknown statistic: A gauge has no .maximum.. .*It has min, max"
  target = "< 1"
}

threshold "reference" {
  metric = host.api # error: "Not a metric: A metric starts with metric or probe"
  target = "< 1"
}
