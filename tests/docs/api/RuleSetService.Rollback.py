import grpc
from suasion.v1.rule_set_service_pb2 import RuleSetServiceGetRequest, RuleSetServiceRollbackRequest
from suasion.v1.rule_set_service_pb2_grpc import RuleSetServiceStub

rule_sets = RuleSetServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
holding = rule_sets.Get(RuleSetServiceGetRequest(), timeout=10).rule_set.epoch
answer = rule_sets.Rollback(RuleSetServiceRollbackRequest(epoch=holding), timeout=30)
print("release", answer.release.epoch, "brings back release", answer.release.restored_epoch)
