# What every report shows must not be sensitive.
variable "s" {
  default   = "http://hunter2"
  sensitive = true
}
locals { s = "${var.s}!" }
host "api" {
  base_url = var.s # error: "Sensitive value would be shown: host base_url is shown in reports and messages"
  headers  = { Authorization = var.s }
}
host "other" {
  base_url = "http://localhost"
}
user_class "u" {
  host = host.other
  request "r" {
    path = "/${var.s}"
    name = local.s # error: "request name is shown"
  }
}
threshold "t" {
  metric   = metric.errors.rate
  target   = "< ${var.s == "" ? 1 : 2}%" # error: "threshold target is shown"
  critical = "< ${split("/", var.s)[0] == "" ? 1 : 3}%" # error: "threshold critical is shown"
}
report "html" {
  path = "report_${local.s == "" ? 1 : 2}.html" # error: "report path is shown"
}
