package plan

import "bossplan/plan/quantity"

// A Need is what the machine that makes the load must have, at most. It is
// arithmetic on the plan and a few figures that were measured once, so it is
// good to within a factor of two.
type Need struct {
	Hosts       []HostLoad
	Connections float64 // open at the same time, those of probes and fetched data included
	Files       float64 // of the process that are connections
	Users       float64 // at the same time
	Cells       int     // pairs of stage and request, each with its own histograms
	Memory      []MemoryPart
}

// A Carriage is how connections to a host are carried, as far as it matters for
// what they take.
type Carriage struct {
	Transport string  // its name
	Memory    float64 // of a connection that is idle between two requests, in bytes
	Files     bool    // each connection is an open file of the process
}

// A MemoryPart is one part of the memory that is needed.
type MemoryPart struct {
	For   string // "users"
	Bytes float64
	Basis string // how it is reckoned: "1,000 × 3.3KiB"
}

// Total is the sum of all parts in bytes.
func (n *Need) Total() float64 {
	total := 0.0
	for _, m := range n.Memory {
		total += m.Bytes
	}
	return total
}

// Resident memory of bossplan as it was measured on Linux/amd64 with the sample
// service: 1 and 100 requests in one stage of 500 users; 100 users, and 8,000
// that share 8 connections. What the kernel keeps for sockets comes on top.
const (
	memoryOfProgram = 21 << 20
	memoryOfUser    = 1.1 * 1024
	memoryOfCell    = 220 * 1024 // histograms and series of a request in a stage
	memoryOfRow     = 24         // beside its cells
	memoryOfValue   = 24         // beside its text
)

// Need is what the plan's load takes where its hosts are carried so.
func (p *Plan) Need(carried func(*Host) Carriage) Need {
	n := Need{Hosts: p.HostLoads(), Cells: p.cells()}
	for _, h := range n.Hosts {
		n.Users += h.Users
		if n.Connections += h.Connections; carried(h.Host).Files {
			n.Files += h.Connections
		}
	}
	n.Connections += float64(len(p.Probes) + p.fetched())
	n.Files += float64(len(p.Probes) + p.fetched())
	n.Memory = []MemoryPart{
		{"the program", memoryOfProgram, ""},
		{"users", n.Users * memoryOfUser, quantity.FormatSize(memoryOfUser) + " each"},
	}
	n.Memory = append(n.Memory, connectionMemory(n.Hosts, carried)...)
	n.Memory = append(n.Memory, MemoryPart{"figures", float64(n.Cells) * memoryOfCell, "220KiB a request and stage"})
	if rows := p.rowsSize(); rows > 0 {
		n.Memory = append(n.Memory, MemoryPart{"rows of data", rows, "as they are in the files"})
	}
	if bodies := p.bodiesSize(); bodies > 0 {
		n.Memory = append(n.Memory, MemoryPart{"bodies of files", bodies, "as they are in the files"})
	}
	return n
}

// connectionMemory is what connections take, those that are carried alike
// together.
func connectionMemory(hosts []HostLoad, carried func(*Host) Carriage) []MemoryPart {
	var list []MemoryPart
	at := map[Carriage]int{}
	for _, h := range hosts {
		c := carried(h.Host)
		i, known := at[c]
		if !known {
			i = len(list)
			at[c] = i
			list = append(list, MemoryPart{"connections by " + c.Transport, 0, quantity.FormatSize(c.Memory) + " each"})
		}
		list[i].Bytes += h.Connections * c.Memory
	}
	return list
}

// cells is how many pairs of stage and request are measured.
func (p *Plan) cells() int {
	n := 0
	for _, s := range p.Scenarios {
		for _, c := range s.UserClasses {
			n += len(c.Requests) * len(s.Stages)
		}
	}
	return n
}

func (p *Plan) fetched() int {
	n := 0
	for _, d := range p.Data {
		if d.Fetch != nil {
			n++
		}
	}
	return n
}

// rowsSize is what the rows that come from files take, in bytes.
func (p *Plan) rowsSize() float64 {
	total := 0
	for _, d := range p.Data {
		if d.Table == nil {
			continue
		}
		for _, row := range d.Table.Rows {
			total += memoryOfRow
			for _, cell := range row {
				total += memoryOfValue + len(cell.Text)
			}
		}
	}
	return float64(total)
}

// bodiesSize is what bodies that come from files take, in bytes.
func (p *Plan) bodiesSize() float64 {
	total := 0
	for _, c := range p.UserClasses {
		for _, f := range c.flows() {
			for _, r := range f.Requests {
				total += len(r.Body.Bytes)
				for _, part := range r.Body.Parts {
					total += len(part.Bytes)
				}
			}
		}
	}
	return float64(total)
}
