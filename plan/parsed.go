package plan

import (
	"bytes"
	"sync"

	"github.com/hashicorp/hcl/v2"
)

// Parsed remembers files that were parsed, so that a library that many plans
// import is parsed once. Several goroutines may use one at the same time. The
// zero value is empty and ready to use; nil remembers nothing.
type Parsed struct {
	mu    sync.Mutex
	files map[string]*parsedFile // by name
}

type parsedFile struct {
	src   []byte
	once  sync.Once
	file  *hcl.File
	diags hcl.Diagnostics
}

// parse is parseFile with memory. A file that has changed since is parsed anew.
func (p *Parsed) parse(name string, src []byte) (*hcl.File, hcl.Diagnostics) {
	if p == nil {
		return parseFile(name, src)
	}
	f := p.entry(name, src)
	f.once.Do(func() { f.file, f.diags = parseFile(name, src) })
	return f.file, copied(f.diags)
}

func (p *Parsed) entry(name string, src []byte) *parsedFile {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f := p.files[name]; f != nil && bytes.Equal(f.src, src) {
		return f
	}
	if p.files == nil {
		p.files = map[string]*parsedFile{}
	}
	f := &parsedFile{src: src}
	p.files[name] = f
	return f
}

// copied are diagnostics of which each plan may add what it knows of them.
func copied(diags hcl.Diagnostics) hcl.Diagnostics {
	var list hcl.Diagnostics
	for _, d := range diags {
		own := *d
		list = append(list, &own)
	}
	return list
}
