// SPDX-License-Identifier: GPL-3.0-or-later

// The Go peer of the rpc bench: what get-secret and report-status do with a request and no more, on net/http over
// HTTP/2 without TLS. gopeer PORT TOKEN JOB
package main

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
)

const largestBody = 1 << 20

type secretRequest struct {
	Job string `json:"job_id"`
	Key string `json:"key"`
}

type secretAnswer struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type statusRequest struct {
	Job      string   `json:"job_id"`
	Progress *float64 `json:"progress"`
	Message  string   `json:"message"`
}

type statusAnswer struct {
	Status string `json:"status"`
}

type peer struct {
	authorization []byte
	job           string
	secrets       map[string]string
	bodies        sync.Pool
}

// read fills request from the JSON of an authorised call; it has answered when it returns false.
func (p *peer) read(w http.ResponseWriter, r *http.Request, request any) bool {
	if subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), p.authorization) != 1 {
		http.Error(w, "not authorised", http.StatusUnauthorized)
		return false
	}
	body := p.bodies.Get().(*bytes.Buffer)
	defer p.bodies.Put(body)
	body.Reset()
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, largestBody)); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	if err := json.Unmarshal(body.Bytes(), request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func answer(w http.ResponseWriter, value any) {
	text, err := json.Marshal(value)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.Write(text)
}

func (p *peer) getSecret(w http.ResponseWriter, r *http.Request) {
	var request secretRequest
	if !p.read(w, r, &request) {
		return
	}
	value, known := p.secrets[request.Key]
	if request.Job != p.job || !known {
		http.Error(w, "no such secret", http.StatusNotFound)
		return
	}
	answer(w, secretAnswer{request.Key, value})
}

func (p *peer) reportStatus(w http.ResponseWriter, r *http.Request) {
	var request statusRequest
	if !p.read(w, r, &request) {
		return
	}
	if request.Job != p.job {
		http.Error(w, "no such job", http.StatusNotFound)
		return
	}
	answer(w, statusAnswer{"running"})
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: gopeer PORT TOKEN JOB")
	}
	p := &peer{
		authorization: []byte("Bearer " + os.Args[2]),
		job:           os.Args[3],
		secrets:       map[string]string{"PASSWORD": "correct horse battery staple"},
		bodies:        sync.Pool{New: func() any { return new(bytes.Buffer) }},
	}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /rpc/get-secret", p.getSecret)
	routes.HandleFunc("POST /rpc/report-status", p.reportStatus)
	server := &http.Server{
		Addr:      "127.0.0.1:" + os.Args[1],
		Handler:   routes,
		HTTP2:     &http.HTTP2Config{MaxConcurrentStreams: 1000},
		Protocols: new(http.Protocols),
	}
	server.Protocols.SetUnencryptedHTTP2(true)
	log.Fatal(server.ListenAndServe())
}
