// Package raw is a load generator of a hundred lines: a goroutine for each
// connection, its descriptor read and written by system calls that Go's
// scheduler is not told of, and parked at Go's own poller when there is nothing
// to read. It measures nothing and knows no HTTP beyond the end of an answer of
// known size. It stands in the benchmark for a design that bossplan could have
// had instead of its event loops, at its least possible cost.
package raw

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// Run sends requests on so many connections for a time, each as soon as the
// answer before has come. All answers are as long as the first one.
func Run(ctx context.Context, address string, connections int, during time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, during)
	defer cancel()
	request := []byte("GET /api/tasks/17 HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: raw\r\n\r\n")
	failed := make(chan error, connections)
	var group sync.WaitGroup
	for range connections {
		group.Go(func() { failed <- exchange(ctx, address, request) })
	}
	group.Wait()
	close(failed)
	var all error
	for err := range failed {
		all = errors.Join(all, err)
	}
	return all
}

// exchange sends requests on one connection until the context is done.
func exchange(ctx context.Context, address string, request []byte) error {
	var dialer net.Dialer
	c, err := dialer.DialContext(ctx, "tcp4", address)
	if err != nil {
		return err
	}
	defer c.Close()
	buffer := make([]byte, 4096)
	if _, err := c.Write(request); err != nil {
		return err
	}
	size, err := c.Read(buffer)
	if err != nil {
		return err
	}
	socket, err := newSocket(c.(*net.TCPConn))
	if err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := socket.write(request); err != nil {
			return err
		}
		for got := 0; got < size; {
			n, err := socket.read(buffer)
			if err != nil {
				return fmt.Errorf("after %d of %d bytes: %w", got, size, err)
			}
			got += n
		}
	}
	return nil
}
