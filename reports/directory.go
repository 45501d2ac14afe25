package reports

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// A directory is a run's directory. Nothing written through it can land
// outside, whatever links lie in it.
type directory struct {
	root *os.Root
	dir  string
}

// openDirectory opens dir and creates it where it is missing.
func openDirectory(dir string) (*directory, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("the run's directory cannot be created: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the run's directory cannot be opened: %w", err)
	}
	return &directory{root, dir}, nil
}

func (d *directory) Close() error { return d.root.Close() }

// path is where name lies, as a caller would open it.
func (d *directory) path(name string) string { return filepath.Join(d.dir, filepath.FromSlash(name)) }

// replace writes a file so that a reader finds the old one or the new one,
// never a part: into a temporary file beside it, to the disk, then renamed.
func (d *directory) replace(name string, write func(io.Writer) error) error {
	// The content is made first: what fails while it is made leaves no trace.
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := d.replaceBytes(name, b.Bytes()); err != nil {
		return fmt.Errorf("%s was not written: %w", name, err)
	}
	return nil
}

func (d *directory) replaceBytes(name string, content []byte) error {
	parent, base := path.Split(name)
	if parent != "" {
		if err := d.root.MkdirAll(path.Clean(parent), 0o755); err != nil {
			return err
		}
	}
	temp := parent + "." + base + ".tmp"
	err := d.writeTemp(temp, content)
	if err == nil {
		err = d.root.Rename(temp, name)
	}
	if err != nil {
		// What is left of it must not fill the disk further.
		if e := d.root.Remove(temp); e != nil && !errors.Is(e, fs.ErrNotExist) {
			err = errors.Join(err, e)
		}
		return err
	}
	d.syncDirectory(path.Clean(parent))
	return nil
}

func (d *directory) writeTemp(temp string, content []byte) error {
	f, err := d.root.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDirectory makes a rename durable where the system can. Some file systems
// and Windows cannot sync a directory; the file itself is safe by then.
func (d *directory) syncDirectory(parent string) {
	f, err := d.root.Open(parent)
	if err != nil {
		return
	}
	_ = f.Sync()
	_ = f.Close()
}

// exists reports whether there is a file of that name.
func (d *directory) exists(name string) bool {
	_, err := d.root.Stat(name)
	return err == nil
}

// localPath checks that a path a plan asks for stays inside the run's
// directory, and returns it in its shortest form with slashes.
func localPath(p string) (string, error) {
	slashed := filepath.ToSlash(p)
	switch {
	case strings.TrimSpace(p) == "" || strings.HasSuffix(slashed, "/"):
		return "", fmt.Errorf("path %q names no file: give a file name such as %q", p, htmlName)
	case !filepath.IsLocal(filepath.FromSlash(slashed)):
		return "", fmt.Errorf("path %q leads out of the run's directory: give a relative path below it such as %q", p, htmlName)
	}
	return path.Clean(slashed), nil
}

// maxStem leaves room in a file name for the longest suffix.
const maxStem = 200

// fileStem makes a plan's name usable as the beginning of a file name.
func fileStem(name string) string {
	stem := strings.Map(func(c rune) rune {
		if invisible(c) || strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, strings.ToValidUTF8(name, "_"))
	if strings.Trim(stem, ". ") == "" {
		return "plan"
	}
	if len(stem) > maxStem {
		stem = strings.ToValidUTF8(stem[:maxStem], "")
	}
	return stem
}
