package plan

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
	"unicode/utf8"
)

// A library reads the files of one plan: the directory of the plan file and
// what is below it, and nothing else.
type library struct {
	dir  string                       // of the plan file, as it was given
	read func(string) ([]byte, error) // nil: the operating system's files
}

// display is a file's path as diagnostics show it.
func (l library) display(rel string) string { return filepath.Join(l.dir, filepath.FromSlash(rel)) }

// bytes reads a file by its path below the plan's directory, with slashes. The
// error says what is wrong with it without repeating its name.
func (l library) bytes(rel string) ([]byte, error) {
	return checkText(l.raw(rel, maxFileSize))
}

// data reads a file of rows, or of a body: it may be large and need not be text.
func (l library) data(rel string) ([]byte, error) {
	src, err := l.raw(rel, maxDataSize)
	if err == nil && len(src) > maxDataSize {
		return nil, fmt.Errorf("it is larger than %d MiB", maxDataSize>>20)
	}
	if err != nil {
		_, err = checkText(nil, err)
	}
	return src, err
}

// raw reads a file, one byte more of it than the limit at most.
func (l library) raw(rel string, limit int64) ([]byte, error) {
	if !fs.ValidPath(rel) {
		return nil, errors.New("it is not below the plan's directory")
	}
	if l.read != nil {
		return l.read(l.display(rel))
	}
	root, err := os.OpenRoot(l.dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(rel))
	if err != nil {
		return nil, err
	}
	if err := checkKind(info); err != nil {
		return nil, err
	}
	f, err := root.Open(filepath.FromSlash(rel))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readUpTo(f, limit, info.Size())
}

// readUpTo reads one byte more than the limit at most, in one piece of memory
// where the size is told rightly.
func readUpTo(r io.Reader, limit, size int64) ([]byte, error) {
	b := bytes.NewBuffer(make([]byte, 0, min(size, limit)+bytes.MinRead))
	_, err := b.ReadFrom(io.LimitReader(r, limit+1))
	return b.Bytes(), err
}

// anyBytes reads a file that the person who runs the plan has named, wherever
// it is.
func (l library) anyBytes(name string) ([]byte, error) {
	if l.read != nil {
		src, err := l.read(name)
		return checkText(src, err)
	}
	info, err := os.Stat(name)
	if err != nil {
		return checkText(nil, err)
	}
	if err := checkKind(info); err != nil {
		return nil, err
	}
	f, err := os.Open(name)
	if err != nil {
		return checkText(nil, err)
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, maxFileSize+1))
	return checkText(src, err)
}

// checkKind refuses what would not end, or not begin, when it is read.
func checkKind(info fs.FileInfo) error {
	switch {
	case info.IsDir():
		return errors.New("it is a directory; name a file in it")
	case !info.Mode().IsRegular():
		return errors.New("it is not a regular file")
	}
	return nil
}

// checkText refuses what cannot be a plan, in words of our own.
func checkText(src []byte, err error) ([]byte, error) {
	var pathError *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case errors.Is(err, fs.ErrPermission):
		return nil, errors.New("it may not be read: permission denied")
	case errors.As(err, &pathError) && strings.Contains(pathError.Err.Error(), "escapes"): // os.Root has no name for it
		return nil, errors.New("it leads out of the plan's directory, by a symbolic link")
	case errors.As(err, &pathError):
		return nil, pathError.Err
	case err != nil:
		return nil, err
	case len(src) > maxFileSize:
		return nil, fmt.Errorf("it is larger than %d MiB", maxFileSize>>20)
	case isUTF16(src):
		return nil, errors.New("it is UTF-16; save it as UTF-8")
	case bytes.HasPrefix(src, []byte("\ufeff")):
		return nil, errors.New("it begins with a byte order mark; save it as UTF-8 without one")
	case !utf8.Valid(src):
		return nil, fmt.Errorf("it is not UTF-8 text: line %d has other bytes; save it as UTF-8", badLine(src))
	}
	return src, nil
}

// isUTF16 reports whether a text begins as UTF-16 does.
func isUTF16(src []byte) bool {
	return bytes.HasPrefix(src, []byte{0xff, 0xfe}) || bytes.HasPrefix(src, []byte{0xfe, 0xff})
}

// badLine is the number of the first line that is not UTF-8.
func badLine(src []byte) int {
	line := 1
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		src = src[size:]
	}
	return line
}

// below is the path, from the plan's directory, of a file that is named in a
// directory below it. The error says what to write instead.
func below(dir, name string) (string, error) {
	switch {
	case name == "":
		return "", errors.New("it is empty; name a file")
	case strings.Contains(name, "://"), strings.HasPrefix(name, "git::"):
		return "", errors.New("nothing is taken from the network; copy the file below the plan's directory")
	case strings.Contains(name, `\`):
		return "", errors.New("it has a backslash; write / between directories")
	case path.IsAbs(name), len(name) > 1 && name[1] == ':':
		return "", errors.New("it is an absolute path; write it relative to this file")
	case strings.ContainsRune(name, 0):
		return "", errors.New("it has a NUL byte")
	}
	rel := path.Join(dir, name)
	if !fs.ValidPath(rel) || rel == "." {
		return "", errors.New("it leads out of the plan's directory; keep the file below it")
	}
	return rel, nil
}
