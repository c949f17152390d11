// SPDX-License-Identifier: GPL-3.0-or-later

// The Go peer of the upload bench: net/http over HTTP/2 without TLS, with windows as large as the product's. A body goes
// to a file in large writes while it is hashed, the kernel writes behind, and the file is synced before the answer.
// gopeer PORT TOKEN DIRECTORY
package main

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

const (
	writeSize = 256 << 10
	flushStep = 8 << 20 // so that the final fsync is short
	window    = 16 << 20
)

const syncFileRangeWrite = 2 // SYNC_FILE_RANGE_WRITE of sync_file_range(2)

type peer struct {
	authorization []byte
	directory     string
}

// receive writes all of body to file; its SHA-256 and size.
func receive(file *os.File, body io.Reader) (string, int64, error) {
	digest := sha256.New()
	buffer := make([]byte, writeSize)
	var size, flushed int64
	for {
		count, err := io.ReadFull(body, buffer)
		digest.Write(buffer[:count])
		if _, failed := file.Write(buffer[:count]); failed != nil {
			return "", size, failed
		}
		size += int64(count)
		if size-flushed >= flushStep {
			syscall.SyncFileRange(int(file.Fd()), flushed, size-flushed, syncFileRangeWrite)
			flushed = size
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return hex.EncodeToString(digest.Sum(nil)), size, file.Sync()
		}
		if err != nil {
			return "", size, err
		}
	}
}

func (p *peer) upload(w http.ResponseWriter, r *http.Request) {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), p.authorization) != 1 {
		http.Error(w, "not authorised", http.StatusUnauthorized)
		return
	}
	query := r.URL.Query()
	file, err := os.OpenFile(filepath.Join(p.directory, filepath.Base(query.Get("name"))), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	defer file.Close()
	sum, size, err := receive(file, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if sum != query.Get("sha256") {
		os.Remove(file.Name())
		http.Error(w, "the SHA-256 is another", http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, `{"size":`+strconv.FormatInt(size, 10)+`}`)
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: gopeer PORT TOKEN DIRECTORY")
	}
	p := &peer{authorization: []byte("Bearer " + os.Args[2]), directory: os.Args[3]}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /rpc/upload-artifact", p.upload)
	server := &http.Server{
		Addr:    "127.0.0.1:" + os.Args[1],
		Handler: routes,
		HTTP2: &http.HTTP2Config{
			MaxReceiveBufferPerConnection: window,
			MaxReceiveBufferPerStream:     window,
			MaxReadFrameSize:              1 << 20,
		},
		Protocols: new(http.Protocols),
	}
	server.Protocols.SetUnencryptedHTTP2(true)
	log.Fatal(server.ListenAndServe())
}
