# A look in half a minute: both kinds of user, all criteria. Made for apply --demo.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import {
  source    = "./lib/boss_workflow.hcl"
  variables = { task_ids = 200 } # few enough that half a minute warms the cache
}

variable "users" {
  type    = number
  default = 60
}

variable "spawn_rate" {
  type        = number
  default     = 20
  description = "Users a second until the level is reached."
}

variable "duration" {
  type        = string
  default     = "25s"
  description = "Of the whole stage, ramp included."
}

scenario "main" {
  user_classes = [user_class.member, user_class.admin]

  stage "steady" {
    users      = var.users
    spawn_rate = var.spawn_rate
    duration   = var.duration
  }
}

report "html" { path = "report_${var.users}users.html" }
report "csv" { path = "stats_${var.users}users" }
