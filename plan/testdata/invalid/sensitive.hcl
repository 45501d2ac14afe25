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
data "d" {
  json = local.s # error: "Sensitive value would be shown: data json names a file, which reports and messages show"
}
user_class "u" {
  host = host.other
  tags = { a = var.s } # error: "user_class tags is shown"
  request "r" {
    path = "/${var.s}"
    name = local.s # error: "request name is shown"
    tags = { a = local.s } # error: "request tags is shown"
    multipart = {
      a = var.s
      b = { file = var.s } # error: "Sensitive value would be shown: file in request multipart names a file"
      c = { value = "x", content_type = "text/plain" }
    }
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
