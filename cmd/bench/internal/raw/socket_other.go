//go:build !linux

package raw

import (
	"errors"
	"net"
)

type socket struct{}

var errSystem = errors.New("the raw client needs Linux")

func newSocket(*net.TCPConn) (*socket, error) { return nil, errSystem }
func (*socket) read([]byte) (int, error)      { return 0, errSystem }
func (*socket) write([]byte) error            { return errSystem }
