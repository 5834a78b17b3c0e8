import grpc
from suasion.v1.status_service_pb2 import StatusRequest
from suasion.v1.status_service_pb2_grpc import StatusServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = StatusServiceStub(channel).Status(StatusRequest(), timeout=5)
print("ready" if answer.ready else "not ready", "by the clock of", answer.clock)
print("stores that do not answer:", [each.name for each in answer.stores if not each.answers])
