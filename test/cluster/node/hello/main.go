// hello is the private image of the tests: a web server that says who it is, or, by argument, a
// program that ends (for Jobs and init containers), one that sleeps, and the Pod's sandbox itself.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

const usage = `usage: hello               serve / and /ready on $PORT (8080) until SIGTERM and $DRAIN (5s) after it
       hello exit [CODE]   say who it is and end, with 0 unless told
       hello stop          have the container's first process end, as SIGTERM does
       hello sleep [TIME]  the same after TIME (such as 30s; 1h unless told), or with 0 on SIGTERM
       hello pause         hold a Pod's namespaces and reap its orphans
`

func main() {
	log.SetFlags(0)
	switch arg(1, "serve") {
	case "serve":
		serve()
	case "exit":
		exit()
	case "stop":
		stop()
	case "sleep":
		sleep()
	case "pause":
		pause()
	default:
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
}

func serve() {
	var draining atomic.Bool
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, greeting()) })
	mux.HandleFunc("/ready", func(w http.ResponseWriter, _ *http.Request) {
		if draining.Load() {
			http.Error(w, "draining", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	server := &http.Server{Addr: ":" + env("PORT", "8080"), Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close") // clients that keep connections must go elsewhere next time
		}
		mux.ServeHTTP(w, r)
	})}

	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-termination()
		// New requests still arrive until every proxy has taken this Pod out of its endpoints.
		draining.Store(true)
		time.Sleep(duration(env("DRAIN", "5s")))
		if err := server.Shutdown(context.Background()); err != nil {
			log.Fatal(err)
		}
	}()

	log.Printf("%s, listening on %s", greeting(), server.Addr)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
	<-stopped
}

func exit() {
	code, err := strconv.Atoi(arg(2, "0"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greeting())
	os.Exit(code)
}

func stop() {
	if err := syscall.Kill(1, syscall.SIGTERM); err != nil {
		log.Fatal(err)
	}
}

func sleep() {
	select {
	case <-time.After(duration(arg(2, "1h"))):
	case <-termination():
	}
	fmt.Println(greeting())
}

func pause() {
	orphans := make(chan os.Signal, 1)
	signal.Notify(orphans, syscall.SIGCHLD)
	end := termination()
	for {
		select {
		case <-end:
			return
		case <-orphans:
			for pid := 1; pid > 0; {
				pid, _ = syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			}
		}
	}
}

func greeting() string {
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	return fmt.Sprintf("hello %s from %s", env("VERSION", "unversioned"), host)
}

func termination() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	return signals
}

func arg(n int, otherwise string) string {
	if len(os.Args) > n {
		return os.Args[n]
	}
	return otherwise
}

func env(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func duration(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		log.Fatal(err)
	}
	return d
}
