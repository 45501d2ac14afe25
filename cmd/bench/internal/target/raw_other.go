//go:build !linux

package target

import (
	"errors"
	"io"
	"os"
)

func serveRaw(Options, *os.File, io.Writer) error {
	return errors.New("the target needs Linux: it is built around epoll")
}
