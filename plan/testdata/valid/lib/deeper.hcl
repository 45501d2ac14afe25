variable "depth" { type = number }
