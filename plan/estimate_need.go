package plan

// A Need is what the machine that makes the load must have, at most. It is
// arithmetic on the plan and a few figures that were measured once, so it is
// good to within a factor of two.
type Need struct {
	Hosts       []HostLoad
	Connections float64 // open at the same time, those of probes and fetched data included
	Users       float64 // at the same time
	Cells       int     // pairs of stage and request, each with its own histograms
	Memory      []MemoryPart
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
// service: 100 and 4,000 users with a connection each, 1 and 100 requests in one
// stage of 500 users. What the kernel keeps for sockets comes on top.
const (
	memoryOfProgram = 19 << 20
	memoryOfUser    = 3.3 * 1024 // with its connection, idle between two requests
	memoryOfCell    = 220 * 1024 // histograms and series of a request in a stage
	memoryOfRow     = 24         // beside its cells
	memoryOfValue   = 24         // beside its text
)

// Need is what the plan's load takes.
func (p *Plan) Need() Need {
	n := Need{Hosts: p.HostLoads(), Cells: p.cells()}
	for _, h := range n.Hosts {
		n.Users += h.Users
		n.Connections += h.Connections
	}
	n.Connections += float64(len(p.Probes) + p.fetched())
	n.Memory = []MemoryPart{
		{"the program", memoryOfProgram, ""},
		{"users", n.Users * memoryOfUser, "3.3KiB a user with its connection"},
		{"figures", float64(n.Cells) * memoryOfCell, "220KiB a request and stage"},
	}
	if rows := p.rowsSize(); rows > 0 {
		n.Memory = append(n.Memory, MemoryPart{"rows of data", rows, "as they are in the files"})
	}
	if bodies := p.bodiesSize(); bodies > 0 {
		n.Memory = append(n.Memory, MemoryPart{"bodies of files", bodies, "as they are in the files"})
	}
	return n
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
