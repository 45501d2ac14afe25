# Medium load: sustained moderate traffic.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import { source = "./lib/boss_workflow.hcl" }

variable "users" {
  type    = number
  default = 500
}

variable "spawn_rate" {
  type        = number
  default     = 50
  description = "Users a second until the level is reached."
}

variable "duration" {
  type        = string
  default     = "10m"
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
