# Chess engines: stockfish searches with one thread and a fixed depth, the same nodes everywhere; with four threads it finds the mate; gnuchess plays.
export PATH=$PATH:/usr/games
# the commands of the file in, then quit when the best move is there
play() { : >out; (cat in; until grep -q '^bestmove' out; do sleep 0.1; done; echo quit) | stockfish >out; cat out; }
printf 'uci\nsetoption name Threads value 1\nsetoption name Hash value 16\nposition startpos moves e2e4 e7e5\ngo depth 11\n' >in; play | grep -E '^(info depth|bestmove)' | sed 's/ time [0-9]*//; s/ nps [0-9]*//; s/ hashfull [0-9]*//; s/ tbhits [0-9]*//'
printf 'setoption name Threads value 4\nposition fen 6k1/5ppp/8/8/8/8/5PPP/R5K1 w - - 0 1\ngo depth 8\n' >in; play | grep bestmove; printf 'position startpos\ngo perft 4\nquit\n' | stockfish | grep -c ':'; stockfish bench 16 1 7 2>&1 | grep -E 'Nodes searched'
printf 'depth 4\ne2e4\nd2d4\nshow board\nquit\n' | gnuchess -x 2>&1 | sed -n '/move\|^[1-9]/p' | head -n 6; rm -f in out
