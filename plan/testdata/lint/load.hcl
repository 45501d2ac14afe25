# Load that is not what it seems. Each warning is expected on its line.
variable "spare" { default = 1 } # warning: "Variable is never used: .*uses var[.]spare"
locals {
  base  = "/api"
  spare = "x" # warning: "Local is never used: .*uses local[.]spare"
}

host "api" { base_url = "http://api.example.org" }
host "idle" { base_url = "http://127.0.0.1:2" } # warning: "Host is never used: .*host.idle"

data "few" { # warning: "Fewer rows than users: data.few has 3 rows.*As many as 600 users"
  csv    = "./rows.csv"
  on_end = "stop_user"
}
data "short" { # warning: "Fewer rows than iterations: data.short has 3 rows.*iterations draw from it"
  csv    = "./rows.csv"
  on_end = "fail"
}
data "again" { csv = "./rows.csv" }
data "unread" { csv = "./rows.csv" } # warning: "Data is never used: No request uses row.unread"

guard "prod" { # warning: "More users than the guard allows: guard.prod allows 100 users .* has 1,000"
  hosts     = ["*.example.org"]
  max_users = 100
}
guard "rate" { # warning: "More requests than the guard allows: .*allows 5/s on host.open, but the plan asks for 10/s"
  hosts    = ["open.test"]
  max_rate = "5/s"
}
host "open" { base_url = "http://open.test" }

user_class "hasty" { # warning: "Users without a pause: 600 users of user_class.hasty"
  host   = host.api
  weight = 6
  request "get" { path = "${local.base}/${row.few.id}/${row.again.id}" }
  request "never" { # warning: "Request is never made: .*never has weight 0"
    weight = 0
    path   = "/"
  }
  flow "never" { # warning: "Request is never made: user_class.hasty.flow.never has weight 0"
    weight = 0
    request "a" { path = "/" }
  }
  flow "some" {
    request "zero" { # warning: "Request is never made: .*zero is repeated 0 times"
      path   = "/"
      repeat = length([])
    }
    request "false" { # warning: "Request is never made: .*false has a condition that is always false"
      path = "/"
      when = 1 > 2
    }
    request "true" {
      path = "/"
      when = user.index > 2
    }
    request "write" { # warning: "Write on a guarded host: .*write is a PUT to host.api .*guard.prod"
      method = "PUT"
      path   = "/"
    }
  }
}
user_class "patient" {
  host   = host.api
  weight = 4
  wait   = between("1s", "3s")
  request "get" { path = "/" }
}
user_class "unpopular" { # warning: "User class without users: In scenario.main no user is of user_class.unpopular: its weight is 0"
  host   = host.api
  weight = 0
  request "get" { path = "/" }
}
user_class "idle" { # warning: "User class is never used: .*user_class.idle"
  host = host.api
  request "get" { path = "/" }
}
user_class "single" {
  host        = host.api
  fixed_count = 10
  wait        = constant("5s")
  request "get" { path = "/${row.again.name}" }
}
user_class "open" {
  host = host.open
  request "get" { path = "/${row.short.id}" }
}

scenario "main" {
  user_classes = [user_class.hasty, user_class.patient, user_class.unpopular]
  stage "up" {
    users      = 1000 # warning: "Ramp does not fit its stage: Coming from 0 to 1,000 users takes 10s, but the stage lasts 5s"
    spawn_rate = 100
    duration   = "5s"
  }
  stage "peak" {
    users    = 1000
    duration = "5m"
  }
}
scenario "open" {
  user_classes = [user_class.open]
  stage "steady" {
    rate     = "10/s"
    duration = "1m"
  }
}
scenario "small" { # warning: "Fixed counts do not fit: .*10 users in all, but there are never more than 1 user"
  user_classes = [user_class.single]
  stage "one" {
    users    = 1
    duration = "10s"
  }
}
scenario "nothing" { # warning: "Scenario without load: Every stage of scenario.nothing is at 0 users"
  user_classes = [user_class.patient]
  stage "one" {
    users    = 0
    duration = "10s"
  }
}

threshold "few" {
  metric = metric.response_time.p999
  of     = user_class.single
  target = "< 1s" # warning: "Percentile of too few samples: A p999 needs at least 1,000 samples"
}
threshold "much" {
  metric = metric.requests.rate
  of     = scenario.open
  target = ">= 20/s" # warning: "Threshold can never be met: .*about 10/s"
}
threshold "all" {
  metric = metric.errors.rate
  target = "<= 100%" # warning: "Threshold can never fail: errors.rate is always between"
}
threshold "late" {
  metric = metric.errors.rate
  target = "< 1%"
  abort { for = "10m" } # warning: "Abort can never happen: .*broken for 10m .*but only 5m5s is judged"
}
threshold "checks" {
  metric = metric.checks.rate
  target = ">= 99%" # warning: "Threshold will have no data: No request that it looks at has a check"
}
threshold "samples" {
  metric      = metric.response_time.mean
  of          = user_class.single
  target      = "< 1s" # warning: "Threshold will have no data: It asks for 5,000 samples or more"
  min_samples = 5000
}
