/* A class hierarchy in a library, exceptions with cleanups, templates, containers, algorithms, C in an archive. */
#include "shapes.h"
#include <algorithm>
#include <iostream>
#include <map>
#include <numeric>
#include <stdexcept>
#include <vector>

template <typename T, int N> struct Matrix {
  T cells[N][N] = {};
  Matrix operator*(const Matrix &other) const {
    Matrix result;
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++)
        for (int k = 0; k < N; k++) result.cells[i][j] += cells[i][k] * other.cells[k][j];
    return result;
  }
};

struct Guard {
  int &count;
  explicit Guard(int &count) : count(count) {}
  ~Guard() { count++; }
};

static std::string greeting = "made before main";

static double area(const char *kind, double a) { return make_shape(kind, a, 2)->area(); }

static int try_area(const char *kind, double a, int &guards) {
  try {
    Guard guard(guards);
    return static_cast<int>(area(kind, a));
  } catch (const std::invalid_argument &error) {
    std::cout << "invalid: " << error.what() << '\n';
    return -1;
  } catch (const std::exception &error) {
    std::cout << "other: " << error.what() << '\n';
    return -2;
  }
}

int main() {
  int guards = 0;
  int sum = try_area("box", 3, guards) + try_area("disc", -1, guards) + try_area("cone", 1, guards);
  std::cout << sum << ' ' << guards << '\n';

  Matrix<long, 12> matrix;
  for (int i = 0; i < 12; i++)
    for (int j = 0; j < 12; j++) matrix.cells[i][j] = i * 3 + j % 5;
  std::cout << (matrix * matrix * matrix).cells[3][4] << '\n';

  std::vector<std::string> words;
  for (int i = 0; i < 2000; i++) words.push_back(std::to_string(i * 7919 % 2003));
  std::sort(words.begin(), words.end(), [](const std::string &a, const std::string &b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  std::string all = std::accumulate(words.begin(), words.end(), std::string());
  std::cout << checksum(reinterpret_cast<const unsigned char *>(all.data()), static_cast<long>(all.size())) << ' '
            << words.front() << ' ' << words.back() << '\n';

  std::map<std::string, int> count;
  for (auto &word : words) count[word.substr(0, 1)]++;
  for (auto &[digit, times] : count) std::cout << digit << '=' << times << ' ';
  std::cout << greeting << '\n';
}
