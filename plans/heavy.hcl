# Heavy load: the target capacity.
bossplan { required_version = ">= 0.1.0, < 2.0.0" }

import { source = "./lib/boss_workflow.hcl" }

variable "users" {
  type    = number
  default = 1000
}

variable "spawn_rate" {
  type        = number
  default     = 100
  description = "Users a second until the level is reached."
}

variable "duration" {
  type        = string
  default     = "15m"
  description = "Of the whole stage, ramp included."
}

scenario "main" {
  user_classes = [user_class.member, user_class.admin]

  stage "peak" {
    users      = var.users
    spawn_rate = var.spawn_rate
    duration   = var.duration
  }
}

report "html" { path = "report_${var.users}users.html" }
report "csv" { path = "stats_${var.users}users" }
