bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import { source = "./lib/boss_workflow.hcl" }

variable "users" { default = 1000 }
variable "spawn_rate" { default = 100 }
variable "duration" { default = "15m" }

scenario "main" {
  user_classes = [user_class.member, user_class.admin]
  stage "peak" {
    users      = var.users
    spawn_rate = var.spawn_rate # users a second until the level is reached
    duration   = var.duration   # of the whole stage, ramp included
  }
}

threshold "throughput" {
  metric   = metric.requests.rate
  target   = ">= 1000/min"
  critical = ">= 800/min"
}

report "html" { path = "report_${var.users}users.html" }
report "csv" { path = "stats_${var.users}users" }
