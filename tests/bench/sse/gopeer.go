// SPDX-License-Identifier: GPL-3.0-or-later

// The Go peer of the sse bench: an event stream on net/http. Posted lines become events in one shared buffer that only
// grows; each client has an offset in it and writes from there to the head at once, in one write to its socket: the
// answers end with their connections, so no chunks are framed. Held in memory only; that a client went is seen by the
// next write to it. gopeer PORT
package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
)

const largestPost = 64 << 20

type stream struct {
	mutex  sync.RWMutex
	grown  *sync.Cond // of readers of events
	events []byte     // nobody changes what is in it, so readers keep slices of it
}

func newStream() *stream {
	s := new(stream)
	s.grown = sync.NewCond(s.mutex.RLocker())
	return s
}

// publish takes whole lines.
func (s *stream) publish(lines []byte) {
	s.mutex.Lock()
	for len(lines) > 0 {
		line, rest, _ := bytes.Cut(lines, []byte{'\n'})
		s.events = append(s.events, "id: "...)
		s.events = strconv.AppendInt(s.events, int64(len(s.events)), 10)
		s.events = append(s.events, "\ndata: "...)
		s.events = append(s.events, line...)
		s.events = append(s.events, "\n\n"...)
		lines = rest
	}
	s.mutex.Unlock()
	s.grown.Broadcast()
}

// from waits for events after offset and returns all of them.
func (s *stream) from(offset int) []byte {
	s.mutex.RLock()
	defer s.mutex.RUnlock()
	for offset == len(s.events) {
		s.grown.Wait()
	}
	return s.events[offset:]
}

func (s *stream) post(w http.ResponseWriter, r *http.Request) {
	lines, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largestPost))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.publish(lines)
	w.WriteHeader(http.StatusNoContent)
}

func (s *stream) subscribe(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Transfer-Encoding", "identity")
	flusher := http.NewResponseController(w)
	if flusher.Flush() != nil {
		return
	}
	for offset := 0; ; {
		count, err := w.Write(s.from(offset))
		if err != nil || flusher.Flush() != nil {
			return
		}
		offset += count
	}
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: gopeer PORT")
	}
	s := newStream()
	routes := http.NewServeMux()
	routes.HandleFunc("POST /pub/bench", s.post)
	routes.HandleFunc("GET /sub/bench", s.subscribe)
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], routes))
}
