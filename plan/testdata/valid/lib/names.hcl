# A library: imported twice by way of two files.
import { source = "deeper.hcl" }
variable "region" {
  type = string
}
