import { source = "../unreadable.hcl" } # error: "Import cycle: Files import each other in a circle: unreadable.hcl → lib/circle.hcl → unreadable.hcl"
