package main

import (
	"fmt"
	"os"
)

// localPorts is how many local ports connections from one address to one target
// may have; 0: that is not known.
func localPorts() int {
	content, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return 0
	}
	var first, last int
	if _, err := fmt.Sscan(string(content), &first, &last); err != nil || last < first {
		return 0
	}
	return last - first + 1
}
