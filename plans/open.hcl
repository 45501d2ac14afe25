# The guide's target capacity as it words it: 1,000 requests a minute, whether or
# not the service keeps up. Iterations start on a schedule that does not wait for
# answers, so a slow service cannot slow the load down.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import { source = "./lib/boss_workflow.hcl" }

variable "rate" {
  type    = string
  default = "1000/min"
}

variable "duration" {
  type    = string
  default = "5m"
}

scenario "main" {
  user_classes = [user_class.member, user_class.admin]

  stage "target" {
    rate     = var.rate
    arrivals = "even" # exactly the rate: the throughput criterion leaves no room below it
    duration = var.duration
  }
}

report "html" { path = "report_open.html" }
report "csv" { path = "stats_open" }
