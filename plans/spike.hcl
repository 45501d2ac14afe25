# Spike: a sudden surge to 2,000 users, and whether the service recovers from it.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import {
  source    = "./lib/boss_workflow.hcl"
  variables = { error_rate = { target = "< 1%", critical = "< 5%" } }
}

variable "users" {
  type    = number
  default = 2000
}

variable "spawn_rate" {
  type        = number
  default     = 200
  description = "Users a second until the level is reached."
}

variable "duration" {
  type        = string
  default     = "5m"
  description = "Of the surge, ramp included."
}

scenario "main" {
  user_classes = [user_class.member, user_class.admin]

  stage "surge" {
    users      = var.users
    spawn_rate = var.spawn_rate
    duration   = var.duration
  }

  # The guide's spike ends at its top. This shows the way back down.
  stage "recovery" {
    users    = var.users / 20
    ramp     = "10s"
    duration = "1m"
  }
}

report "html" { path = "report_${var.users}users.html" }
report "csv" { path = "stats_${var.users}users" }
