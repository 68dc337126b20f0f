# The Go compiler and linker build the standard library parts that they need, a module with goroutines, and run its tests.
export GOROOT=/usr/lib/go-1.24 GOCACHE="$PWD/cache" GOPATH="$PWD/path" GOFLAGS=-mod=mod GOTOOLCHAIN=local GOTELEMETRY=off GOPROXY=off CGO_ENABLED=0 HOME="$PWD"
GO=$GOROOT/bin/go; mkdir -p hello && cd hello || exit; $GO version | cut -d' ' -f1-3; $GO mod init example.org/hello 2>/dev/null
cat >main.go <<'END'
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"
)

type Shape interface{ Area() float64 }
type Square struct{ Side float64 `json:"side"` }

func (s Square) Area() float64 { return s.Side * s.Side }

func Sieve(n int) int {
	ch := make(chan int)
	go func() { for i := 2; ; i++ { ch <- i } }()
	prime := 0
	for i := 0; i < n; i++ {
		prime = <-ch
		next := make(chan int)
		go func(in <-chan int, out chan<- int, p int) { for { if v := <-in; v%p != 0 { out <- v } } }(ch, next, prime)
		ch = next
	}
	return prime
}

func main() {
	fmt.Println(Sieve(100), Shape(Square{3}).Area())
	var mu sync.Mutex
	var wg sync.WaitGroup
	total := map[int]int{}
	for g := 0; g < 50; g++ {
		wg.Add(1)
		go func() { defer wg.Done(); for i := 0; i < 1000; i++ { mu.Lock(); total[i%7] += g; mu.Unlock() } }()
	}
	wg.Wait()
	keys := []int{}
	for k := range total { keys = append(keys, k) }
	sort.Ints(keys)
	for _, k := range keys { fmt.Print(k, ":", total[k], " ") }
	b, _ := json.Marshal(map[string]any{"s": Square{2}, "l": []int{1, 2}, "t": time.Unix(0, 0).UTC()})
	fmt.Println(string(b), regexp.MustCompile(`(\w)(\w+)`).ReplaceAllString("hello go", "$2$1"), strings.Repeat("ab", 3))
	defer func() { fmt.Println("recovered:", recover()); os.Exit(3) }()
	fmt.Println(errors.Is(fmt.Errorf("wrap: %w", os.ErrNotExist), os.ErrNotExist))
	select { case <-time.After(20 * time.Millisecond): fmt.Println("timeout") }
	var p *Square
	fmt.Println(p.Side)
}
END
printf 'package main\n\nimport "testing"\n\nfunc TestSieve(t *testing.T) {\n\tif Sieve(10) != 29 {\n\t\tt.Fatal("sieve")\n\t}\n}\n' >main_test.go
$GO build -o hello . && ./hello; echo "status $?"; $GO vet . && $GO test -count=1 . | sed 's/[0-9.]*s$//'; printf 'package main\nfunc main() { x := 1 }\n' >bad.go; $GO build bad.go; echo "status $?"; cd ..; chmod -R u+w cache path 2>/dev/null; rm -rf hello cache path .config
