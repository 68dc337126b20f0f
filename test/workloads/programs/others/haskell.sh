# GHC: programs with threads and big integers, with and without optimisation, the interactive system, errors; Pandoc, which it built.
ghc-pkg recache; echo "recache $?"
cat >m.hs <<'END'
import Control.Concurrent
import Control.Exception
import qualified Data.Map as M

main = do
  print (sum [x * x | x <- [1 .. 100000], even x])
  print (M.fromListWith (+) [(w, 1 :: Int) | w <- words "a b a c"])
  v <- newEmptyMVar
  mapM_ (\i -> forkIO (putMVar v (product [1 .. i]))) [10 .. 20 :: Integer]
  xs <- mapM (const (takeMVar v)) [10 .. 20]
  print (sum xs)
  r <- try (evaluate (1 `div` (0 :: Int))) :: IO (Either ArithException Int)
  print r
END
ghc -v0 -O1 -threaded -rtsopts m.hs; ./m +RTS -N4; echo "status $?"; ghc -v0 m.hs -o slow -O0 -fforce-recomp && ./slow | md5sum; ghc -e 'product [1..30]'; echo 'main = putStrLn (1 + True)' >bad.hs; ghc bad.hs >/dev/null 2>&1; echo "bad $?"; echo 'map (*2) [1,2,3]' | ghc --interactive -v0
printf '# T\n\nSome *text* with `code` and $x^2$.\n\n- a\n- b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n' >t.md; for f in html latex rst docx plain man json; do pandoc t.md -t $f -o o.$f; echo "$f $?"; done; cat o.html o.latex o.rst; md5sum o.json o.man; pandoc -f html -t markdown o.html; pandoc -f docx -t plain o.docx; pandoc -f nosuch t.md; echo "status $?"; rm -f m m.* slow bad.* t.md o.*
