package target

import (
	"bufio"
	"encoding/binary"
	"os"

	"bossplan/cmd/bench/internal/arrival"
)

// A journal is the log of a server: a bounded list of requests.
type journal struct {
	entries  []arrival.Request
	unlogged int64
}

// add notes when a request came, and gives it a number; -1 where there is no
// room.
func (j *journal) add(arrived int64) int {
	if len(j.entries) == cap(j.entries) {
		j.unlogged++
		return -1
	}
	j.entries = append(j.entries, arrival.Request{Arrived: arrived})
	return len(j.entries) - 1
}

// answered notes when a request was answered.
func (j *journal) answered(number int, at int64) {
	if number >= 0 {
		j.entries[number].Answered = at
	}
}

func (j *journal) clear() { j.entries, j.unlogged = j.entries[:0], 0 }

func (j *journal) write(path string) error {
	if cap(j.entries) == 0 {
		return errNoLog
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	if err := binary.Write(w, binary.LittleEndian, j.entries); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
