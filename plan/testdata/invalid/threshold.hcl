host "api" {
  base_url = "http://localhost"
}
user_class "a" {
  host = host.api
  request "r" {
    path = "/"
  }
}
scenario "main" {
  user_classes = [user_class.a]
  stage "warm" {
    users    = 1
    duration = "1m"
    warmup   = true
  }
  stage "peak" {
    users    = 1
    duration = "1m"
  }
}
scenario "side" {
  user_classes = [user_class.a]
  stage "peak" {
    users    = 1
    duration = "1m"
  }
}
probe "p" {
  host     = host.api
  path     = "status" # error: "Invalid path: probe path must begin with a slash"
  kind     = "redis" # error: "Unknown value: probe kind cannot be .redis.; it is one of http"
  interval = 0 # error: "Invalid duration: probe interval must be longer than zero"
  headers  = { A = user.id } # error: "user.id is known only while a user runs, but probe headers"
  gauge "g" {
    value = response.json.x
  }
  counter "g" { # error: "Name declared twice: probe.p.g"
    value = response.json.y
  }
  gauge "text" {
    value = [response.body] # error: "Wrong kind of value: gauge value must be a number"
  }
  gauge "nothing" {
    value = null # error: "Missing value: gauge value must not be null"
  }
  gauge "missing" { # error: "Missing argument: gauge needs value"
  }
  gauge "later" {
    value = response.jsn # error: "Unknown name: There is no response.jsn; there are .* Did you mean .json."
  }
}
probe "empty" { # error: "Nothing to read: probe empty has no gauge or counter blocks"
  host = host.api
  path = "/"
}
threshold "metric" {
  metric   = metric.response_tim.p95 # error: "response_time"
  target   = "500ms" # error: "Bound without an operator: .* Write .<= 500ms"
  critical = "=> 1s" # error: "Unknown operator: .* Write .>= 1s"
}
threshold "unit" {
  metric = metric.response_time.p95
  target = "< 5%" # error: "."
}
threshold "critical" {
  metric   = metric.response_time.p95
  target   = "< 500ms"
  critical = "< 400ms" # error: "Critical stricter than target: .*critical .< 400ms. can be missed while target .< 500ms. is met"
}
threshold "order" {
  metric   = metric.response_time.p95
  target   = "< 500ms"
  critical = "> 400ms" # error: "Critical stricter than target"
  outcome  = "good" # error: "Unknown value: threshold outcome"
  per      = "stage" # error: "Unknown value: threshold per"
  window   = "500ms" # error: "Invalid window: threshold window must be one or more whole seconds"
  min_samples = 0 # error: "Number out of range"
  abort { # error: "Missing argument: abort needs for"
    window = "1500ms" # error: "Invalid window"
  }
}
threshold "of" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.a.request.q # error: "Unknown request: user_class.a has no request .q."
  outcome = "any" # error: "Only for times: threshold outcome"
  stages  = [scenario.main.warm] # error: "Warm-up is not judged: scenario.main.warm is a warm-up"
}
threshold "stages" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = host.api # error: "Not such a reference: threshold of must be a reference such as scenario.NAME or user_class.NAME or user_class.NAME.request.NAME or user_class.NAME.flow.NAME.request.NAME, not host.api"
  stages = [
    scenario.main.peek, # error: "Unknown stage: scenario.main has no stage .peek.. Did you mean .peak."
    scenario.nain.peak, # error: "Unknown scenario: .*Did you mean .main."
    scenario.main.peak,
    scenario.main.peak, # error: "Stage given twice"
  ]
}
threshold "none" {
  metric = metric.errors.rate
  target = "<= 1%"
  stages = [] # error: "Empty list: threshold stages"
}
threshold "other" {
  metric = metric.errors.rate
  target = 1 # error: "."
  of     = scenario.main
  stages = [scenario.side.peak] # error: "Stage of another scenario"
}
threshold "one" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.a.request.r
  per    = "request" # error: "One request only"
}
threshold "probe" {
  metric  = probe.p.g.max
  target  = "< 5"
  of      = user_class.a # error: "Not for a probe: threshold of"
  outcome = "any" # error: "Not for a probe"
  per     = "request" # error: "Not for a probe"
  window  = "1s" # error: "Not for a probe"
}
threshold "gauge" {
  metric = probe.p.h.max # error: "."
  target = "< 5"
}
threshold "incomplete" { # error: "Missing argument: threshold needs metric" # error: "Missing argument: threshold needs target"
}
threshold "nobody" {
  metric = metric.errors.rate
  target = "<= 1%"
  of     = user_class.z.request.r # error: "Unknown user_class"
}
